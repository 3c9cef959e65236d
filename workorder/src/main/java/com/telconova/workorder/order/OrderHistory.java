package com.telconova.workorder.order;

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

  /// Notes a change.
  void insert(Handle handle, UUID order, HistoryEntry entry) {
    insert(handle, Map.of(order, entry));
  }

  /// Notes a change of each of these orders, in one round trip.
  void insert(Handle handle, Map<UUID, HistoryEntry> entries) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into order_history (
              order_id, version, occurred_at, actor_id, actor_role, from_status, to_status,
              priority, technician_id, hold_reason, reason, decision_id, changed)
            values (
              :order, :version, :at, :actor, :role, :from, :to,
              :priority, :technician, :hold, :reason, :decision, :changed)
            """);
    entries.forEach((order, entry) ->
        batch
            .bind("order", order)
            .bind("version", entry.version())
            .bind("at", entry.time())
            .bind("actor", entry.actor().id())
            .bind("role", entry.actor().role())
            .bind("from", entry.from())
            .bind("to", entry.to())
            .bind("priority", entry.priority())
            .bind("technician", entry.technicianId())
            .bind("hold", entry.holdReason())
            .bind("reason", entry.reason())
            .bind("decision", entry.decisionId())
            .bindArray("changed", String.class, entry.changed())
            .add());
    batch.execute();
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
