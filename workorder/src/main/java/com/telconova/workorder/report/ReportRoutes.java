package com.telconova.workorder.report;

import static com.telconova.shared.token.Role.SUPERVISOR;

import com.telconova.shared.http.Query;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import com.telconova.workorder.order.OrderFilter;
import com.telconova.workorder.order.OrderQuery;
import com.telconova.workorder.report.Stats.GroupBy;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Figures and exports over HTTP. To be registered before the routes of single orders: `stats` and
/// `export` are no ids.
public final class ReportRoutes {
  private static final Duration DEFAULT_PERIOD = Duration.ofDays(30);
  private static final Duration MAX_PERIOD = Duration.ofDays(366);

  private final Clock clock;
  private final Reports reports;
  private final Exports exports;

  public ReportRoutes(Clock clock, Reports reports, Exports exports) {
    this.clock = clock;
    this.reports = reports;
    this.exports = exports;
  }

  public void register(RoutesConfig routes) {
    routes.get("/orders/stats", this::stats, SUPERVISOR);
    routes.get("/orders/export", this::export, SUPERVISOR);
  }

  private void stats(Context ctx) {
    Query query = Query.of(ctx, "from", "to", "groupBy");
    Instant sentTo = query.time("to");
    Instant sentFrom = query.time("from");
    GroupBy groupBy = query.oneOf("groupBy", GroupBy.class);
    query.check();
    Instant to = sentTo == null ? clock.instant() : sentTo;
    Instant from = sentFrom == null ? to.minus(DEFAULT_PERIOD) : sentFrom;
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(MAX_PERIOD) > 0) {
      throw new Failure.BadRequest(
          "A query parameter is wrong; see errors.",
          List.of(new Fault("from", "must be before 'to', by 366 days at most")));
    }
    ctx.json(reports.stats(from, to, groupBy));
  }

  private void export(Context ctx) {
    Query query = OrderQuery.of(ctx, "format");
    OrderFilter filter = OrderQuery.filter(query, clock.instant());
    query.oneOf("format", Format.class);
    query.check();
    ctx.contentType("text/csv; charset=utf-8");
    ctx.header("Content-Disposition", "attachment; filename=\"orders.csv\"");
    try (OutputStream out = ctx.outputStream()) {
      exports.write(filter, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As what orders can be exported.
  private enum Format {
    csv
  }
}
