package com.telconova.tracking.participant;

import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The projection of workorder's orders.
final class OrderRepository {
  Optional<OrderFacts> find(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            select order_id, code, title, customer_id, technician_id, status, order_version,
                   priority
            from participant_order where order_id = :id
            """)
        .bind("id", id)
        .map(OrderRepository::map)
        .findOne();
  }

  /// Adds the question how urgent an order is; it finds nothing while nobody said.
  Message.Found<String> findPriority(Message message, UUID id) {
    return message.find(
        """
        select priority from participant_order where order_id = :id and priority is not null
        """,
        Map.of("id", id),
        (row, _) -> row.getString("priority"));
  }

  /// Those of these orders that are known, by id.
  Map<UUID, OrderFacts> list(Handle handle, Collection<UUID> ids) {
    return handle
        .createQuery(
            """
            select order_id, code, title, customer_id, technician_id, status, order_version,
                   priority
            from participant_order where order_id = any(:ids)
            """)
        .bindArray("ids", UUID.class, List.copyOf(ids))
        .map(OrderRepository::map)
        .stream()
        .collect(Collectors.toMap(OrderFacts::id, order -> order));
  }

  /// Keeps these facts unless newer ones are here already. The priority is not in every event, so
  /// it goes by the newest that says it.
  List<Write> upserting(OrderFacts facts) {
    Map<String, Object> values = new HashMap<>();
    values.put("id", facts.id());
    values.put("code", facts.code());
    values.put("title", facts.title());
    values.put("customer", facts.customerId());
    values.put("technician", facts.technicianId());
    values.put("status", facts.status());
    values.put("version", facts.version());
    Write upsert =
        new Write(
            """
            insert into participant_order
              (order_id, code, title, customer_id, technician_id, status, order_version)
            values (:id, :code, :title, :customer, :technician, :status, :version)
            on conflict (order_id) do update
            set code = excluded.code, title = excluded.title, customer_id = excluded.customer_id,
                technician_id = excluded.technician_id, status = excluded.status,
                order_version = excluded.order_version
            where participant_order.order_version <= excluded.order_version
            """,
            values);
    if (facts.priority() == null) {
      return List.of(upsert);
    }
    return List.of(
        upsert,
        new Write(
            """
            update participant_order set priority = :priority, priority_version = :version
            where order_id = :id and coalesce(priority_version, 0) <= :version
            """,
            Map.of("id", facts.id(), "priority", facts.priority(), "version", facts.version())));
  }

  private static OrderFacts map(ResultSet row, StatementContext ctx) throws SQLException {
    return new OrderFacts(
        row.getObject("order_id", UUID.class),
        row.getString("code"),
        row.getString("title"),
        row.getObject("customer_id", UUID.class),
        row.getObject("technician_id", UUID.class),
        OrderStatus.valueOf(row.getString("status")),
        row.getLong("order_version"),
        row.getString("priority"));
  }
}
