package com.telconova.workorder.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.token.Role;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Sla;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `work_order` and `order_history`.
public final class OrderRepository {
  /// The index that lets a technician have one order in progress.
  static final String ONE_IN_PROGRESS = "work_order_in_progress";

  private static final String COLUMNS =
      """
      id, code, customer_id, title, description, category, priority, zone, address, latitude,
      longitude, required_skills, estimated_minutes, window_start, window_end, status,
      technician_id, excluded_technicians, hold_reason, resolution_code, resolution_outcome,
      resolution_comment, cancel_reason, evidence_count, assign_by, arrive_by, resolve_by,
      sla_warn_at, sla_due_at, sla_breach_at, version, created_at, updated_at, ended_at
      """;

  /// More changes than any order has.
  private static final int MAX_CHANGES = 10_000;

  /// How many rows of an export come at a time: some 500 kB.
  private static final int FETCH_ROWS = 500;

  /// What a text search looks at: the expression that the index `work_order_text` has.
  private static final String SEARCHED =
      "folded(code || ' ' || title || ' ' || address || ' ' || description)";

  /// Stores a new order and gives it its code.
  ///
  /// @param order its code is ignored
  /// @return the order with its code
  Order insert(Handle handle, Order order, Actor creator) {
    WorkRequest request = order.request();
    int year = order.createdAt().atZone(ZoneOffset.UTC).getYear();
    return handle
        .createQuery(
            """
            insert into work_order (
              id, code, customer_id, title, description, category, priority, zone, address,
              latitude, longitude, required_skills, estimated_minutes, window_start, window_end,
              status, assign_by, arrive_by, resolve_by, sla_warn_at, sla_due_at, sla_breach_at,
              sla_next_at, version, created_by, created_at, updated_at)
            select
              :id, 'WO-' || :year || '-' || lpad(n::text, greatest(6, length(n::text)), '0'),
              :customer, :title, :description, :category, :priority, :zone, :address,
              :latitude, :longitude, :skills::json, :minutes, :windowStart, :windowEnd,
              :status, :assignBy, :arriveBy, :resolveBy, :warnAt, :dueAt, :breachAt, :warnAt,
              :version, :creator, :createdAt, :createdAt
            from nextval('order_code') as n
            returning\s\
            """
                + COLUMNS)
        .bind("id", order.id())
        .bind("year", Integer.toString(year))
        .bind("customer", order.customerId())
        .bind("title", request.title())
        .bind("description", request.description())
        .bind("category", request.category())
        .bind("priority", request.priority())
        .bind("zone", request.zone())
        .bind("address", request.address())
        .bind("latitude", request.latitude())
        .bind("longitude", request.longitude())
        .bind("skills", json(request.requiredSkills()))
        .bind("minutes", request.estimatedMinutes())
        .bind("windowStart", request.windowStart())
        .bind("windowEnd", request.windowEnd())
        .bind("status", order.state().status())
        .bindMap(promises(order.sla()))
        .bind("version", order.version())
        .bind("creator", creator.id())
        .bind("createdAt", order.createdAt())
        .map(OrderRepository::map)
        .one();
  }

  Optional<Order> find(Handle handle, UUID id) {
    return handle
        .createQuery("select " + COLUMNS + " from work_order where id = :id")
        .bind("id", id)
        .map(OrderRepository::map)
        .findOne();
  }

  /// The orders that nobody does yet, the most urgent first.
  public List<Order> listOpen(Handle handle, int rows) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + """
                from work_order where status = 'CREATED'
                order by priority, arrive_by, id limit :rows
                """)
        .bind("rows", rows)
        .map(OrderRepository::map)
        .list();
  }

  /// As [#find], and nobody else changes it until the transaction ends.
  Optional<Order> lock(Handle handle, UUID id) {
    return handle
        .createQuery("select " + COLUMNS + " from work_order where id = :id for update")
        .bind("id", id)
        .map(OrderRepository::map)
        .findOne();
  }

  /// Newest first.
  List<Order> list(Handle handle, OrderFilter filter, Page.Request page) {
    return query(handle, filter, page).map(OrderRepository::map).list();
  }

  /// Every such order, newest first, without having them all at once: inside a transaction, rows
  /// come from the server a few hundred at a time.
  public void forEach(Handle handle, OrderFilter filter, Consumer<Order> use) {
    query(handle, filter, null).setFetchSize(FETCH_ROWS).map(OrderRepository::map).forEach(use);
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
                    COLUMNS, String.join(" and ", conditions), page == null ? "" : "limit :rows"))
        .bindMap(bindings);
  }

  /// Stores the order as it is now.
  ///
  /// @param held how long it has rested so far
  /// @throws org.jdbi.v3.core.JdbiException naming [#ONE_IN_PROGRESS] when its technician is
  ///   already working on another order
  void update(Handle handle, Order order, Duration held) {
    OrderState state = order.state();
    Resolution resolution =
        state instanceof OrderState.Completed completed ? completed.resolution() : null;
    handle
        .createUpdate(
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
            """)
        .bind("id", order.id())
        .bind("status", state.status())
        .bind("technician", state.technician().orElse(null))
        .bindArray("excluded", UUID.class, order.excludedTechnicians())
        .bind("hold", state instanceof OrderState.OnHold hold ? hold.reason() : null)
        .bind("code", resolution == null ? null : resolution.code())
        .bind("outcome", resolution == null ? null : resolution.outcome())
        .bind("comment", resolution == null ? null : resolution.comment())
        .bindMap(promises(order.sla()))
        .bind("cancelReason", state instanceof OrderState.Cancelled c ? c.reason() : null)
        .bind("version", order.version())
        .bind("updatedAt", order.updatedAt())
        .bind("endedAt", state.endedAt().orElse(null))
        .bind("held", held.toSeconds())
        .execute();
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
        .bindMap(promises(order.sla()))
        .bind("version", order.version())
        .bind("updatedAt", order.updatedAt())
        .execute();
  }

  /// Notes a change.
  void insertHistory(Handle handle, UUID order, HistoryEntry entry) {
    handle
        .createUpdate(
            """
            insert into order_history (
              order_id, version, occurred_at, actor_id, actor_role, from_status, to_status,
              priority, technician_id, hold_reason, reason, decision_id, changed)
            values (
              :order, :version, :at, :actor, :role, :from, :to,
              :priority, :technician, :hold, :reason, :decision, :changed)
            """)
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
        .execute();
  }

  /// The changes of an order after one of its versions, oldest first.
  List<HistoryEntry> history(Handle handle, UUID order, long afterVersion, int rows) {
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
        .map(OrderRepository::mapHistory)
        .list();
  }

  /// The whole history of an order, oldest first.
  List<HistoryEntry> history(Handle handle, UUID order) {
    return history(handle, order, 0, MAX_CHANGES);
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

  /// Orders whose promises may have come to a point that nobody was told of, the oldest first.
  /// Nobody else changes them until the transaction ends; those that somebody is changing are left
  /// out.
  List<Order> lockDue(Handle handle, Instant now, int rows) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + """
                from work_order where sla_next_at <= :now
                order by sla_next_at limit :rows for update skip locked
                """)
        .bind("now", now)
        .bind("rows", rows)
        .map(OrderRepository::map)
        .list();
  }

  /// Whether this was not told before; it counts as told now.
  boolean mark(Handle handle, UUID order, Crossing crossing, Instant now) {
    return handle
            .createUpdate(
                """
                insert into sla_mark (order_id, target, level, due_at, marked_at)
                values (:order, :target, :level, :due, :now)
                on conflict (order_id, target, level) do nothing
                """)
            .bind("order", order)
            .bind("target", crossing.target())
            .bind("level", crossing.level())
            .bind("due", crossing.dueAt())
            .bind("now", now)
            .execute()
        == 1;
  }

  /// @param next when the watch must look again; null: not until the order changes
  void watchAgain(Handle handle, UUID order, Instant next) {
    handle
        .createUpdate("update work_order set sla_next_at = :next where id = :id")
        .bind("id", order)
        .bind("next", next)
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
  void addEvidence(Handle handle, UUID order) {
    handle
        .createUpdate("update work_order set evidence_count = evidence_count + 1 where id = :id")
        .bind("id", order)
        .execute();
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

  private static Order map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Order(
        row.getObject("id", UUID.class),
        row.getString("code"),
        row.getObject("customer_id", UUID.class),
        request(row),
        state(row),
        uuids(row.getArray("excluded_technicians")),
        row.getInt("evidence_count"),
        sla(row),
        row.getLong("version"),
        instant(row, "created_at"),
        instant(row, "updated_at"));
  }

  private static HistoryEntry mapHistory(ResultSet row, StatementContext ctx) throws SQLException {
    return new HistoryEntry(
        row.getLong("version"),
        instant(row, "occurred_at"),
        new Actor(row.getObject("actor_id", UUID.class), Role.valueOf(row.getString("actor_role"))),
        constant(OrderStatus.class, row.getString("from_status")),
        OrderStatus.valueOf(row.getString("to_status")),
        Priority.valueOf(row.getString("priority")),
        row.getObject("technician_id", UUID.class),
        constant(HoldReason.class, row.getString("hold_reason")),
        row.getString("reason"),
        row.getObject("decision_id", UUID.class),
        List.of((String[]) row.getArray("changed").getArray()));
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return name == null ? null : Enum.valueOf(type, name);
  }

  private static WorkRequest request(ResultSet row) throws SQLException {
    Double latitude = row.getObject("latitude", Double.class);
    return new WorkRequest(
        row.getString("title"),
        row.getString("description"),
        Category.valueOf(row.getString("category")),
        Priority.valueOf(row.getString("priority")),
        row.getString("zone"),
        row.getString("address"),
        latitude == null ? null : new Position(latitude, row.getDouble("longitude")),
        skills(row.getString("required_skills")),
        row.getInt("estimated_minutes"),
        instant(row, "window_start"),
        instant(row, "window_end"));
  }

  private static OrderState state(ResultSet row) throws SQLException {
    UUID technician = row.getObject("technician_id", UUID.class);
    Instant endedAt = instant(row, "ended_at");
    return switch (OrderStatus.valueOf(row.getString("status"))) {
      case CREATED -> new OrderState.Created();
      case ASSIGNED -> new OrderState.Assigned(technician);
      case IN_PROGRESS -> new OrderState.InProgress(technician);
      case ON_HOLD ->
          new OrderState.OnHold(technician, HoldReason.valueOf(row.getString("hold_reason")));
      case COMPLETED ->
          new OrderState.Completed(
              technician,
              new Resolution(
                  row.getString("resolution_code"),
                  Resolution.Outcome.valueOf(row.getString("resolution_outcome")),
                  row.getString("resolution_comment")),
              endedAt);
      case CANCELLED ->
          new OrderState.Cancelled(technician, row.getString("cancel_reason"), endedAt);
    };
  }

  private static Sla sla(ResultSet row) throws SQLException {
    HoldReason hold = constant(HoldReason.class, row.getString("hold_reason"));
    return new Sla(
        instant(row, "assign_by"),
        instant(row, "arrive_by"),
        instant(row, "resolve_by"),
        instant(row, "sla_warn_at"),
        instant(row, "sla_due_at"),
        instant(row, "sla_breach_at"),
        hold != null && hold.pauses(),
        instant(row, "ended_at") != null);
  }

  private static Map<String, Object> promises(Sla sla) {
    Map<String, Object> bindings = new HashMap<>();
    bindings.put("assignBy", sla.assignBy());
    bindings.put("arriveBy", sla.arriveBy());
    bindings.put("resolveBy", sla.resolveBy());
    bindings.put("warnAt", sla.warnAt());
    bindings.put("dueAt", sla.dueAt());
    bindings.put("breachAt", sla.breachAt());
    return bindings;
  }

  private static List<UUID> uuids(Array array) throws SQLException {
    return List.of((UUID[]) array.getArray());
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static String json(List<RequiredSkill> skills) {
    try {
      return Mappers.TOLERANT.writeValueAsString(skills);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("skills are not JSON", e);
    }
  }

  private static List<RequiredSkill> skills(String json) throws SQLException {
    try {
      return Mappers.TOLERANT.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new SQLException("work_order.required_skills is not a list of skills", e);
    }
  }
}
