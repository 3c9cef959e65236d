package com.telconova.workorder.order;

import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Moment.Phase;
import com.telconova.workorder.sla.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// One change of an order: who, when, from, to, why.
///
/// @param version the order's version after it
/// @param from null when the order was opened
/// @param to the same as `from` when only what it asks for changed
/// @param priority what held from here on
/// @param technicianId who had it from here on; may be null
/// @param holdReason why it rests from here on; null unless it does
/// @param reason in the words of whoever made the change; may be null
/// @param decisionId where it is noted why this technician; may be null
/// @param changed the fields that were edited, in the order of the request; empty otherwise
record HistoryEntry(
    long version,
    Instant time,
    Actor actor,
    OrderStatus from,
    OrderStatus to,
    Priority priority,
    UUID technicianId,
    HoldReason holdReason,
    String reason,
    UUID decisionId,
    List<String> changed) {
  HistoryEntry {
    Objects.requireNonNull(to, "to");
    changed = List.copyOf(changed);
  }

  /// What opened an order.
  static HistoryEntry opened(Order order, Actor actor) {
    return of(order, null, actor, null, null, List.of());
  }

  /// What moved `order` to where it is now.
  static HistoryEntry moved(
      Order order, OrderStatus from, Command command, Actor actor, String reason) {
    UUID decision = command instanceof Command.Assign assign ? assign.decisionId() : null;
    return of(order, from, actor, reason, decision, List.of());
  }

  /// What changed the fields that `order` asks for.
  static HistoryEntry edited(Order order, Actor actor, List<String> changed) {
    return of(order, order.state().status(), actor, null, null, changed);
  }

  private static HistoryEntry of(
      Order order,
      OrderStatus from,
      Actor actor,
      String reason,
      UUID decision,
      List<String> changed) {
    return new HistoryEntry(
        order.version(),
        order.updatedAt(),
        actor,
        from,
        order.state().status(),
        order.request().priority(),
        order.state().technician().orElse(null),
        order.state() instanceof OrderState.OnHold hold ? hold.reason() : null,
        reason,
        decision,
        changed);
  }

  /// What promises see of it.
  Moment moment() {
    Phase phase =
        switch (to) {
          case CREATED -> Phase.OPEN;
          case ASSIGNED -> Phase.ASSIGNED;
          case IN_PROGRESS -> Phase.WORKING;
          case ON_HOLD -> holdReason.pauses() ? Phase.PAUSED : Phase.WORKING;
          case COMPLETED -> Phase.COMPLETED;
          case CANCELLED -> Phase.CANCELLED;
        };
    return new Moment(time, priority, phase);
  }
}
