package com.telconova.workorder.assignment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The table `assignment_decision`: what was known and what followed, as JSON whose text stays what
/// it was.
public final class DecisionRepository {
  /// Who chose.
  public enum Kind {
    ENGINE,
    SUPERVISOR,
    DISPATCH
  }

  /// A decision about to be kept.
  ///
  /// @param orderId,technicianId null in a dispatch
  /// @param inputs,answer records that become JSON
  public record Decision(
      UUID id,
      Kind kind,
      UUID orderId,
      UUID technicianId,
      Instant at,
      UUID by,
      int policyVersion,
      Object inputs,
      Object answer) {}

  /// A decision by which an order was given to somebody.
  ///
  /// @param version of the order since
  public record Given(
      UUID id,
      Kind kind,
      Instant decidedAt,
      UUID decidedBy,
      UUID technicianId,
      int policyVersion,
      @JsonIgnore long version) {}

  /// A decision as it was kept.
  ///
  /// @param orderId,technicianId null in a dispatch
  /// @param inputs,answer JSON
  public record Kept(
      UUID id,
      Kind kind,
      UUID orderId,
      UUID technicianId,
      Instant decidedAt,
      UUID decidedBy,
      int policyVersion,
      String inputs,
      String answer) {}

  /// The decisions by which an order was given to somebody after one of its versions, oldest first.
  /// The order's history knows them all: a decision that gave the order to nobody was not kept, and
  /// a dispatch decides on many orders.
  public List<Given> list(Handle handle, UUID order, long afterVersion, int rows) {
    return handle
        .createQuery(
            """
            select d.id, d.kind, d.decided_at, d.decided_by, h.technician_id, d.policy_version,
                   h.version
            from order_history h join assignment_decision d on d.id = h.decision_id
            where h.order_id = :order and h.version > :after
            order by h.version limit :rows
            """)
        .bind("order", order)
        .bind("after", afterVersion)
        .bind("rows", rows)
        .map((row, _) ->
            new Given(
                row.getObject("id", UUID.class),
                Kind.valueOf(row.getString("kind")),
                row.getObject("decided_at", OffsetDateTime.class).toInstant(),
                row.getObject("decided_by", UUID.class),
                row.getObject("technician_id", UUID.class),
                row.getInt("policy_version"),
                row.getLong("version")))
        .list();
  }

  public Optional<Kept> find(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            select id, kind, order_id, technician_id, decided_at, decided_by, policy_version,
                   inputs, answer
            from assignment_decision where id = :id
            """)
        .bind("id", id)
        .map((row, _) ->
            new Kept(
                row.getObject("id", UUID.class),
                Kind.valueOf(row.getString("kind")),
                row.getObject("order_id", UUID.class),
                row.getObject("technician_id", UUID.class),
                row.getObject("decided_at", OffsetDateTime.class).toInstant(),
                row.getObject("decided_by", UUID.class),
                row.getInt("policy_version"),
                row.getString("inputs"),
                row.getString("answer")))
        .findOne();
  }

  public void insert(Handle handle, Decision decision) {
    handle
        .createUpdate(
            """
            insert into assignment_decision (
              id, kind, order_id, technician_id, decided_at, decided_by, policy_version, inputs,
              answer)
            values (
              :id, :kind, :order, :technician, :at, :by, :version, :inputs::json, :answer::json)
            """)
        .bind("id", decision.id())
        .bind("kind", decision.kind())
        .bind("order", decision.orderId())
        .bind("technician", decision.technicianId())
        .bind("at", decision.at())
        .bind("by", decision.by())
        .bind("version", decision.policyVersion())
        .bind("inputs", json(decision.inputs()))
        .bind("answer", json(decision.answer()))
        .execute();
  }

  private static String json(Object value) {
    try {
      return Mappers.TOLERANT.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a decision is not JSON", e);
    }
  }
}
