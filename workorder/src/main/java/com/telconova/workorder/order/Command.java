package com.telconova.workorder.order;

import java.util.List;
import java.util.UUID;

/// What somebody asks of an order, with the facts from outside the order that its rules need.
/// Fields that the asker left out are null; [OrderState] says which are missing.
public sealed interface Command {
  /// Give it to a technician; also takes it from another.
  ///
  /// @param objections the rules that speak against this technician
  /// @param decisionId where it is noted why this technician; may be null
  record Assign(UUID technicianId, List<Objection> objections, String reason, UUID decisionId)
      implements Command {
    public Assign {
      objections = List.copyOf(objections);
    }
  }

  /// Take it from its technician (or the technician declines), for good.
  record Unassign(String reason) implements Command {}

  /// Begin, or go on after a hold.
  ///
  /// @param otherInProgress the code of another order that the technician is working on, or null
  record Work(String otherInProgress) implements Command {}

  /// Let it rest.
  record Hold(HoldReason reason) implements Command {}

  /// Sign it off.
  ///
  /// @param evidence whether anything was uploaded for it
  record Complete(Resolution resolution, boolean evidence) implements Command {}

  /// Give it up.
  record Cancel(String reason) implements Command {}
}
