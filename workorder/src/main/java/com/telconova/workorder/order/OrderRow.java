package com.telconova.workorder.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Sla;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/// A row of `work_order` as an [Order], and back.
final class OrderRow {
  /// What [#map] reads.
  static final String COLUMNS =
      """
      id, code, customer_id, title, description, category, priority, zone, address, latitude,
      longitude, required_skills, estimated_minutes, window_start, window_end, status,
      technician_id, excluded_technicians, hold_reason, resolution_code, resolution_outcome,
      resolution_comment, cancel_reason, evidence_count, assign_by, arrive_by, resolve_by,
      sla_warn_at, sla_due_at, sla_breach_at, version, created_at, updated_at, ended_at
      """;

  private static final String NO_SKILLS = "[]";
  private static final ObjectReader SKILLS = Mappers.TOLERANT.readerForListOf(RequiredSkill.class);

  /// @throws SQLException when a column is missing or holds what an order cannot have
  static Order map(ResultSet row, StatementContext ctx) throws SQLException {
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

  /// What is stored of the promises, by the name under which statements bind it.
  static Map<String, Object> promises(Sla sla) {
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

  /// @return null for null
  static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /// @return null for null
  static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return name == null ? null : Enum.valueOf(type, name);
  }

  /// As `required_skills` holds them.
  static String json(List<RequiredSkill> skills) {
    try {
      return Mappers.TOLERANT.writeValueAsString(skills);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("skills are not JSON", e);
    }
  }

  private static List<RequiredSkill> skills(String json) throws SQLException {
    try {
      return NO_SKILLS.equals(json) ? List.of() : SKILLS.readValue(json);
    } catch (JsonProcessingException e) {
      throw new SQLException("work_order.required_skills is not a list of skills", e);
    }
  }
}
