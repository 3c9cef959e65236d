package com.telconova.tracking.live;

import com.telconova.shared.http.Requests;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.UUID;
import java.util.regex.Pattern;

/// Streams by HTTP. Each keeps its request open, and no thread while nothing is to be written.
public final class LiveRoutes {
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private final LiveStreams streams;

  public LiveRoutes(LiveStreams streams) {
    this.streams = streams;
  }

  /// To be registered before any route `/tracking/{…}`, which would match the first of these, too.
  public void register(RoutesConfig routes) {
    routes.get("/tracking/stream", this::all, Role.SUPERVISOR);
    routes.get(
        "/tracking/{orderId}/stream", this::one, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
  }

  private void all(Context ctx) {
    stream(ctx, new Feed.AllOrders());
  }

  private void one(Context ctx) {
    stream(ctx, new Feed.OneOrder(Requests.id(ctx, "orderId")));
  }

  private void stream(Context ctx, Feed feed) {
    UUID last = lastEventId(ctx);
    Place place = streams.begin(feed, Requests.principal(ctx), last);
    if (Requests.isHead(ctx)) {
      EventStream.head(ctx);
    } else {
      EventStream out = EventStream.begin(ctx);
      ctx.future(() -> streams.serve(feed, Requests.principal(ctx), out, place, last));
    }
  }

  private static UUID lastEventId(Context ctx) {
    String sent = ctx.header("Last-Event-ID");
    if (sent == null || sent.isBlank()) {
      return null;
    }
    if (!ID.matcher(sent.strip()).matches()) {
      throw new Failure.BadRequest("Last-Event-ID takes the id of an event of this stream.");
    }
    return UUID.fromString(sent.strip());
  }
}
