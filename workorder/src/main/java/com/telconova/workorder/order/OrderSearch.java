package com.telconova.workorder.order;

import com.telconova.shared.http.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// Many orders: those that a filter lets through, and those that wait for somebody.
public final class OrderSearch {
  /// How many rows of an export come at a time: some 500 kB.
  private static final int FETCH_ROWS = 500;

  /// What a text search looks at: the expression that the index `work_order_text` has.
  private static final String SEARCHED =
      "folded(code || ' ' || title || ' ' || address || ' ' || description)";

  /// Newest first.
  List<Order> list(Handle handle, OrderFilter filter, Page.Request page) {
    return query(handle, filter, page).map(OrderRow::map).list();
  }

  /// Every such order, newest first, without having them all at once: inside a transaction, rows
  /// come from the server a few hundred at a time.
  public void forEach(Handle handle, OrderFilter filter, Consumer<Order> use) {
    query(handle, filter, null).setFetchSize(FETCH_ROWS).map(OrderRow::map).forEach(use);
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

  /// @param page null: all of them
  private static Query query(Handle handle, OrderFilter filter, Page.Request page) {
    Map<String, Object> bindings = new LinkedHashMap<>();
    List<String> conditions = new ArrayList<>(List.of("true"));
    condition(conditions, bindings, "status = :status", "status", filter.status());
    condition(conditions, bindings, "priority = :priority", "priority", filter.priority());
    condition(conditions, bindings, "category = :category", "category", filter.category());
    condition(conditions, bindings, "zone = :zone", "zone", filter.zone());
    condition(
        conditions, bindings, "technician_id = :technician", "technician", filter.technicianId());
    condition(conditions, bindings, "customer_id = :customer", "customer", filter.customerId());
    condition(conditions, bindings, "created_at >= :from", "from", filter.createdFrom());
    condition(conditions, bindings, "created_at < :to", "to", filter.createdTo());
    condition(conditions, bindings, "sla_due_at < :due", "due", filter.dueBefore());
    if (filter.breached() != null) {
      conditions.add(
          filter.breached()
              ? "sla_breach_at <= :now"
              : "(sla_breach_at is null or sla_breach_at > :now)");
      bindings.put("now", filter.now());
    }
    condition(
        conditions,
        bindings,
        SEARCHED + " like '%' || folded(:text) || '%'",
        "text",
        likeLiteral(filter.text()));
    if (page != null && page.after() != null) {
      conditions.add("(created_at, id) < (:afterTime, :afterId)");
      bindings.put("afterTime", page.after().time());
      bindings.put("afterId", page.after().id());
    }
    if (page != null) {
      bindings.put("rows", page.rows());
    }
    return handle
        .createQuery(
            "select %s from work_order where %s order by created_at desc, id desc %s"
                .formatted(
                    OrderRow.COLUMNS,
                    String.join(" and ", conditions),
                    page == null ? "" : "limit :rows"))
        .bindMap(bindings);
  }

  private static void condition(
      List<String> conditions,
      Map<String, Object> bindings,
      String condition,
      String name,
      Object value) {
    if (value != null) {
      conditions.add(condition);
      bindings.put(name, value);
    }
  }

  /// A text in which `%`, `_` and `\\` stand for themselves under LIKE.
  private static String likeLiteral(String text) {
    return text == null ? null : text.replaceAll("([%_\\\\])", "\\\\$1");
  }
}
