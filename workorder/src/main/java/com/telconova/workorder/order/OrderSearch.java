package com.telconova.workorder.order;

import com.telconova.shared.http.Page;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGStatement;

/// Many orders: those that a filter lets through, and those that wait for somebody.
///
/// Every list is newest first and short, so that the best way to it is an index in that order, or
/// one that finds few. PostgreSQL knows which, except for a text: it knows how many orders have it,
/// not whether they are all old. So a text is looked for among the newest first, and where these do
/// not fill the page, through its trigrams.
public final class OrderSearch {
  /// How many rows of an export come at a time: some 500 kB.
  private static final int FETCH_ROWS = 500;

  /// Among how many of the newest a text is looked for first: some 10 ms. It is found there if one
  /// of 200 has it; what fewer have, its trigrams find as fast.
  private static final int NEWEST = 5_000;

  /// Among how many of the newest a text is looked for that has no trigrams.
  private static final int NEWEST_WITHOUT_TRIGRAMS = 20_000;

  private static final Pattern CODE =
      Pattern.compile("WO-[0-9]{4}-[0-9]{6,}", Pattern.CASE_INSENSITIVE);

  /// What gives a text a trigram: two letters or digits, or one that begins or ends a word.
  private static final Pattern TRIGRAM = Pattern.compile("[a-z0-9]{2}|[^a-z0-9][a-z0-9]");

  /// The sub-select hides the text from the planner, which then takes it for a rare one.
  private static final String HAS_TEXT = "search like (select '%' || folded(:text) || '%')";

  private static final String NEWEST_FIRST = " order by created_at desc, id desc";

  /// Newest first.
  List<Order> list(Handle handle, OrderFilter filter, Page.Request page) {
    Conditions conditions = new Conditions(filter, page);
    if (!conditions.haveText()) {
      return conditions.query(handle, conditions.page()).map(OrderRow::map).list();
    }
    if (conditions.areFew()) {
      return conditions.query(handle, conditions.among("offset 0")).map(OrderRow::map).list();
    }
    boolean indexed = TRIGRAM.matcher(folded(filter.text())).find();
    int newest = indexed ? NEWEST : NEWEST_WITHOUT_TRIGRAMS;
    List<Order> found =
        conditions.query(handle, conditions.among("limit " + newest)).map(OrderRow::map).list();
    return found.size() == page.rows() || !indexed
        ? found
        : conditions
            .query(handle, conditions.throughTrigrams("limit :rows"))
            .map(OrderRow::map)
            .list();
  }

  /// Every such order, newest first, without having them all at once: inside a transaction, rows
  /// come from the server a few hundred at a time.
  public void forEach(Handle handle, OrderFilter filter, Consumer<Order> use) {
    Conditions conditions = new Conditions(filter, null);
    String query;
    if (!conditions.haveText()) {
      // Sorted first, a million rows would take longer than any statement may: only an index that
      // has them in order already gives the first of them at once.
      handle.execute("set local enable_sort = off");
      query = conditions.page();
    } else {
      query = conditions.throughTrigrams("");
    }
    conditions.query(handle, query).setFetchSize(FETCH_ROWS).map(OrderRow::map).forEach(use);
  }

  /// The orders that nobody does yet, the most urgent first.
  public List<Order> listOpen(Handle handle, int rows) {
    return handle
        .createQuery(
            "select "
                + OrderRow.COLUMNS
                + """
                from work_order where status = 'CREATED'
                order by priority, arrive_by, id limit :rows
                """)
        .bind("rows", rows)
        .map(OrderRow::map)
        .list();
  }

  /// A filter as SQL.
  private static final class Conditions {
    private final Map<String, Object> bindings = new LinkedHashMap<>();

    /// Those with an index in the order of the list, the one that lets the fewest through first.
    private final List<String> indexed = new ArrayList<>();

    private final List<String> period = new ArrayList<>();
    private final OrderFilter filter;
    private final boolean limited;
    private final boolean code;

    /// @param page null: all of them
    Conditions(OrderFilter filter, Page.Request page) {
      this.filter = filter;
      this.limited = page != null;
      add(indexed, "customer_id = :customer", "customer", filter.customerId());
      add(indexed, "technician_id = :technician", "technician", filter.technicianId());
      // Only orders that have not ended have a promise open.
      add(indexed, "ended_at is null and sla_due_at < :due", "due", filter.dueBefore());
      add(indexed, "status = :status", "status", filter.status());
      add(indexed, "zone = :zone", "zone", filter.zone());
      add(indexed, "category = :category", "category", filter.category());
      add(indexed, "priority = :priority", "priority", filter.priority());
      if (filter.breached() != null) {
        add(
            indexed,
            filter.breached()
                ? "sla_breach_at <= :now"
                : "(sla_breach_at is null or sla_breach_at > :now)",
            "now",
            filter.now());
      }
      add(period, "created_at >= :from", "from", filter.createdFrom());
      add(period, "created_at < :to", "to", filter.createdTo());
      code = filter.text() != null && CODE.matcher(filter.text()).matches();
      if (code) {
        indexed.addFirst("code = :code");
        bindings.put("code", filter.text().toUpperCase(Locale.ROOT));
      } else if (filter.text() != null) {
        bindings.put("text", likeLiteral(filter.text()));
      }
      if (page != null && page.after() != null) {
        period.add("(created_at, id) < (:afterTime, :afterId)");
        bindings.put("afterTime", page.after().time());
        bindings.put("afterId", page.after().id());
      }
      if (page != null) {
        bindings.put("rows", page.rows());
      }
    }

    /// Whether there is a text to look for; a whole code is none, for just one order has it.
    boolean haveText() {
      return filter.text() != null && !code;
    }

    /// Whether so few orders can be meant that each may be looked at.
    boolean areFew() {
      return filter.customerId() != null
          || filter.technicianId() != null
          || filter.dueBefore() != null
          || filter.status() != null && !filter.status().isFinal();
    }

    String page() {
      return select("work_order where " + all(indexed, period)) + (limited ? " limit :rows" : "");
    }

    /// Looks for the text among the newest that the first condition and the period let through.
    ///
    /// @param bound how many these are; `offset 0` for all, before the text is looked at
    String among(String bound) {
      List<String> first = indexed.subList(0, Math.min(1, indexed.size()));
      List<String> rest = indexed.subList(first.size(), indexed.size());
      return select(
              "(select %s, search from work_order where %s%s %s) as newest where %s"
                  .formatted(
                      OrderRow.COLUMNS,
                      all(first, period),
                      NEWEST_FIRST,
                      bound,
                      all(rest, List.of(HAS_TEXT))))
          + " limit :rows";
    }

    /// Finds all that have the text before it looks for the newest of them.
    String throughTrigrams(String bound) {
      return """
      select %s from (
        select found, at from (
          select id as found, created_at as at from work_order where %s offset 0) as all_found
        order by at desc, found desc %s) as page
      join work_order on id = found order by at desc, found desc
      """
          .formatted(
              OrderRow.COLUMNS,
              all(indexed, Stream.concat(period.stream(), Stream.of(HAS_TEXT)).toList()),
              bound);
    }

    Query query(Handle handle, String sql) {
      Query query = handle.createQuery(sql).bindMap(bindings);
      // With one filter each plan is the same whatever it asks for; with more, PostgreSQL has to
      // see what it is before it plans. A statement that the driver does not name is planned anew.
      if (indexed.size() + period.size() > 1 || haveText()) {
        query.addCustomizer(new PlannedAnew());
      }
      return query;
    }

    private void add(List<String> to, String condition, String name, Object value) {
      if (value != null) {
        to.add(condition);
        bindings.put(name, value);
      }
    }

    private static String select(String from) {
      return "select " + OrderRow.COLUMNS + " from " + from + NEWEST_FIRST;
    }

    private static String all(List<String> some, List<String> others) {
      String all =
          Stream.concat(some.stream(), others.stream()).collect(Collectors.joining(" and "));
      return all.isEmpty() ? "true" : all;
    }
  }

  private static final class PlannedAnew implements StatementCustomizer {
    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext ctx)
        throws SQLException {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
  }

  /// As the database's function of this name.
  private static String folded(String text) {
    return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "");
  }

  /// A text in which `%`, `_` and `\\` stand for themselves under LIKE.
  private static String likeLiteral(String text) {
    return text.replaceAll("([%_\\\\])", "\\\\$1");
  }
}
