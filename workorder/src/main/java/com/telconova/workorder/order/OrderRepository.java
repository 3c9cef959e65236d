package com.telconova.workorder.order;

import com.telconova.shared.database.Write;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Orders one by one, or several at once: the table `work_order`.
public final class OrderRepository {
  /// The index that lets a technician have one order in progress.
  static final String ONE_IN_PROGRESS = "work_order_in_progress";

  private static final String INSERT =
      """
      insert into work_order (
        id, code, customer_id, title, description, category, priority, zone, address,
        latitude, longitude, required_skills, estimated_minutes, window_start, window_end,
        status, assign_by, arrive_by, resolve_by, sla_warn_at, sla_due_at, sla_breach_at,
        sla_next_at, version, created_by, created_at, updated_at)
      values (
        :id, :code, :customer, :title, :description, :category, :priority, :zone, :address,
        :latitude, :longitude, :skills::json, :minutes, :windowStart, :windowEnd,
        :status, :assignBy, :arriveBy, :resolveBy, :warnAt, :dueAt, :breachAt,
        :warnAt, :version, :creator, :createdAt, :createdAt)
      """;

  /// A new order, as a statement to be sent with others.
  Write inserting(Order order, Actor creator) {
    WorkRequest request = order.request();
    Map<String, Object> values = OrderRow.promises(order.sla());
    values.put("id", order.id());
    values.put("code", order.code());
    values.put("customer", order.customerId());
    values.put("title", request.title());
    values.put("description", request.description());
    values.put("category", request.category());
    values.put("priority", request.priority());
    values.put("zone", request.zone());
    values.put("address", request.address());
    values.put("latitude", request.latitude());
    values.put("longitude", request.longitude());
    values.put("skills", OrderRow.json(request.requiredSkills()));
    values.put("minutes", request.estimatedMinutes());
    values.put("windowStart", request.windowStart());
    values.put("windowEnd", request.windowEnd());
    values.put("status", order.state().status());
    values.put("version", order.version());
    values.put("creator", creator.id());
    values.put("createdAt", order.createdAt());
    return new Write(INSERT, values);
  }

  Optional<Order> find(Handle handle, UUID id) {
    return handle
        .createQuery("select " + OrderRow.COLUMNS + " from work_order where id = :id")
        .bind("id", id)
        .map(OrderRow::map)
        .findOne();
  }

  /// As [#find], and nobody else changes it until the transaction ends.
  Optional<Order> lock(Handle handle, UUID id) {
    return handle
        .createQuery("select " + OrderRow.COLUMNS + " from work_order where id = :id for update")
        .bind("id", id)
        .map(OrderRow::map)
        .findOne();
  }

  /// Those of these orders that nobody else is changing, by id; nobody does until the transaction
  /// ends. Never waits.
  Map<UUID, Order> lockFree(Handle handle, Collection<UUID> ids) {
    return handle
        .createQuery(
            "select "
                + OrderRow.COLUMNS
                + " from work_order where id = any(:ids) for update skip locked")
        .bindArray("ids", UUID.class, List.copyOf(ids))
        .map(OrderRow::map)
        .stream()
        .collect(Collectors.toMap(Order::id, order -> order));
  }

  /// Stores orders as they are now, in one round trip.
  ///
  /// @param held how long each has rested so far
  /// @throws org.jdbi.v3.core.JdbiException naming [#ONE_IN_PROGRESS] when a technician is already
  ///   working on another order
  void update(Handle handle, Map<Order, Duration> held) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            update work_order set
              status = :status, technician_id = :technician, excluded_technicians = :excluded,
              hold_reason = :hold, resolution_code = :code, resolution_outcome = :outcome,
              resolution_comment = :comment, cancel_reason = :cancelReason, version = :version,
              updated_at = :updatedAt, ended_at = :endedAt,
              assigned_at = case when :status = 'ASSIGNED'
                            then coalesce(assigned_at, :updatedAt) else assigned_at end,
              arrived_at = case when :status = 'IN_PROGRESS'
                           then coalesce(arrived_at, :updatedAt) else arrived_at end,
              held_seconds = :held,
              assign_by = :assignBy, arrive_by = :arriveBy, resolve_by = :resolveBy,
              sla_warn_at = :warnAt, sla_due_at = :dueAt, sla_breach_at = :breachAt,
              sla_next_at = least(:warnAt::timestamptz, :dueAt, :breachAt)
            where id = :id
            """);
    held.forEach((order, time) -> bind(batch, order).bind("held", time.toSeconds()).add());
    batch.execute();
  }

  private static PreparedBatch bind(PreparedBatch batch, Order order) {
    OrderState state = order.state();
    Resolution resolution =
        state instanceof OrderState.Completed completed ? completed.resolution() : null;
    return batch
        .bind("id", order.id())
        .bind("status", state.status())
        .bind("technician", state.technician().orElse(null))
        .bindArray("excluded", UUID.class, order.excludedTechnicians())
        .bind("hold", state instanceof OrderState.OnHold hold ? hold.reason() : null)
        .bind("code", resolution == null ? null : resolution.code())
        .bind("outcome", resolution == null ? null : resolution.outcome())
        .bind("comment", resolution == null ? null : resolution.comment())
        .bindMap(OrderRow.promises(order.sla()))
        .bind("cancelReason", state instanceof OrderState.Cancelled c ? c.reason() : null)
        .bind("version", order.version())
        .bind("updatedAt", order.updatedAt())
        .bind("endedAt", state.endedAt().orElse(null));
  }

  /// Stores what the order asks for now.
  void updateRequest(Handle handle, Order order) {
    WorkRequest request = order.request();
    handle
        .createUpdate(
            """
            update work_order set
              title = :title, description = :description, priority = :priority, zone = :zone,
              address = :address, latitude = :latitude, longitude = :longitude,
              window_start = :windowStart, window_end = :windowEnd,
              version = :version, updated_at = :updatedAt,
              assign_by = :assignBy, arrive_by = :arriveBy, resolve_by = :resolveBy,
              sla_warn_at = :warnAt, sla_due_at = :dueAt, sla_breach_at = :breachAt,
              sla_next_at = least(:warnAt::timestamptz, :dueAt, :breachAt)
            where id = :id
            """)
        .bind("id", order.id())
        .bind("title", request.title())
        .bind("description", request.description())
        .bind("priority", request.priority())
        .bind("zone", request.zone())
        .bind("address", request.address())
        .bind("latitude", request.latitude())
        .bind("longitude", request.longitude())
        .bind("windowStart", request.windowStart())
        .bind("windowEnd", request.windowEnd())
        .bindMap(OrderRow.promises(order.sla()))
        .bind("version", order.version())
        .bind("updatedAt", order.updatedAt())
        .execute();
  }

  /// Notes how well the work was done, for the order and for its technician's record.
  void noteCompletion(
      Handle handle, Order order, OrderState.Completed completed, boolean firstTimeFix) {
    handle
        .createUpdate("update work_order set first_time_fix = :fixed where id = :id")
        .bind("id", order.id())
        .bind("fixed", firstTimeFix)
        .execute();
    handle
        .createUpdate(
            """
            insert into technician_record as r (technician_id, category, completed, fixed)
            values (:technician, :category, 1, :fixed)
            on conflict (technician_id, category) do update
            set completed = r.completed + 1, fixed = r.fixed + excluded.fixed
            """)
        .bind("technician", completed.technicianId())
        .bind("category", order.request().category())
        .bind("fixed", firstTimeFix ? 1 : 0)
        .execute();
  }

  /// The code of another order that this technician is working on.
  Optional<String> findOtherInProgress(Handle handle, UUID technician, UUID order) {
    return handle
        .createQuery(
            """
            select code from work_order
            where technician_id = :technician and status = 'IN_PROGRESS' and id <> :order
            limit 1
            """)
        .bind("technician", technician)
        .bind("order", order)
        .mapTo(String.class)
        .findOne();
  }

  /// One more file was uploaded for the order.
  ///
  /// @return false when there is no such order
  boolean addEvidence(Handle handle, UUID order) {
    return handle
            .createUpdate(
                "update work_order set evidence_count = evidence_count + 1 where id = :id")
            .bind("id", order)
            .execute()
        == 1;
  }

  /// Whether `sequence` is newer than what tracking told of this order so far; if so, it is noted.
  boolean advance(Handle handle, UUID order, long sequence) {
    return handle
            .createUpdate(
                """
                update work_order set tracking_sequence = :sequence
                where id = :id and tracking_sequence < :sequence
                """)
            .bind("id", order)
            .bind("sequence", sequence)
            .execute()
        == 1;
  }
}
