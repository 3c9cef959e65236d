package com.telconova.workorder.assignment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
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
