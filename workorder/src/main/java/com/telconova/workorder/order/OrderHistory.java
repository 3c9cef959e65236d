package com.telconova.workorder.order;

import com.telconova.shared.database.Write;
import com.telconova.shared.token.Role;
import com.telconova.workorder.sla.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `order_history`: appended, never changed.
public final class OrderHistory {
  /// More changes than any order has.
  private static final int MAX_CHANGES = 10_000;

  private static final String INSERT =
      """
      insert into order_history (
        order_id, version, occurred_at, actor_id, actor_role, from_status, to_status,
        priority, technician_id, hold_reason, reason, decision_id, changed)
      values (
        :order, :version, :at, :actor, :role, :from, :to,
        :priority, :technician, :hold, :reason, :decision, :changed)
      """;

  /// Notes a change.
  void insert(Handle handle, UUID order, HistoryEntry entry) {
    insert(handle, Map.of(order, entry));
  }

  /// Notes a change of each of these orders, in one round trip.
  void insert(Handle handle, Map<UUID, HistoryEntry> entries) {
    PreparedBatch batch = handle.prepareBatch(INSERT);
    entries.forEach((order, entry) -> batch.bindMap(values(order, entry)).add());
    batch.execute();
  }

  /// The same for one order, as a statement to be sent with others.
  Write inserting(UUID order, HistoryEntry entry) {
    return new Write(INSERT, values(order, entry));
  }

  private static Map<String, Object> values(UUID order, HistoryEntry entry) {
    Map<String, Object> values = new HashMap<>();
    values.put("order", order);
    values.put("version", entry.version());
    values.put("at", entry.time());
    values.put("actor", entry.actor().id());
    values.put("role", entry.actor().role());
    values.put("from", entry.from());
    values.put("to", entry.to());
    values.put("priority", entry.priority());
    values.put("technician", entry.technicianId());
    values.put("hold", entry.holdReason());
    values.put("reason", entry.reason());
    values.put("decision", entry.decisionId());
    values.put("changed", entry.changed().toArray(String[]::new));
    return values;
  }

  /// The changes of an order after one of its versions, oldest first.
  List<HistoryEntry> list(Handle handle, UUID order, long afterVersion, int rows) {
    return handle
        .createQuery(
            """
            select version, occurred_at, actor_id, actor_role, from_status, to_status, priority,
                   technician_id, hold_reason, reason, decision_id, changed
            from order_history
            where order_id = :order and version > :after
            order by version limit :rows
            """)
        .bind("order", order)
        .bind("after", afterVersion)
        .bind("rows", rows)
        .map(OrderHistory::map)
        .list();
  }

  /// The whole history of an order, oldest first.
  List<HistoryEntry> list(Handle handle, UUID order) {
    return list(handle, order, 0, MAX_CHANGES);
  }

  /// The whole histories of some orders, each oldest first.
  Map<UUID, List<HistoryEntry>> list(Handle handle, Collection<UUID> orders) {
    Map<UUID, List<HistoryEntry>> histories = new HashMap<>();
    handle
        .createQuery(
            """
            select order_id, version, occurred_at, actor_id, actor_role, from_status, to_status,
                   priority, technician_id, hold_reason, reason, decision_id, changed
            from order_history
            where order_id = any(:orders)
            order by order_id, version limit :rows
            """)
        .bindArray("orders", UUID.class, List.copyOf(orders))
        .bind("rows", orders.size() * MAX_CHANGES)
        .map((row, ctx) -> Map.entry(row.getObject("order_id", UUID.class), map(row, ctx)))
        .forEach(change ->
            histories
                .computeIfAbsent(change.getKey(), _ -> new ArrayList<>())
                .add(change.getValue()));
    return histories;
  }

  private static HistoryEntry map(ResultSet row, StatementContext ctx) throws SQLException {
    return new HistoryEntry(
        row.getLong("version"),
        OrderRow.instant(row, "occurred_at"),
        new Actor(row.getObject("actor_id", UUID.class), Role.valueOf(row.getString("actor_role"))),
        OrderRow.constant(OrderStatus.class, row.getString("from_status")),
        OrderStatus.valueOf(row.getString("to_status")),
        Priority.valueOf(row.getString("priority")),
        row.getObject("technician_id", UUID.class),
        OrderRow.constant(HoldReason.class, row.getString("hold_reason")),
        row.getString("reason"),
        row.getObject("decision_id", UUID.class),
        List.of((String[]) row.getArray("changed").getArray()));
  }
}
