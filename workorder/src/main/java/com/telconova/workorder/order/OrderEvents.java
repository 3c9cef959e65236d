package com.telconova.workorder.order;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.token.Role;
import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What orders tell the others. Every event carries who takes part and where the order stands, so
/// that a reader needs no other event to understand it.
final class OrderEvents {
  private OrderEvents() {}

  /// What every event of an order says.
  ///
  /// @param version the order's version after the change: of two events the higher is newer
  /// @param technicianId who has it now, or null
  /// @param actorId,actorRole who made the change; null when time did
  record Facts(
      UUID orderId,
      String code,
      String title,
      UUID customerId,
      UUID technicianId,
      OrderStatus status,
      long version,
      UUID actorId,
      Role actorRole) {
    static Facts of(Order order, Actor actor) {
      return new Facts(
          order.id(),
          order.code(),
          order.request().title(),
          order.customerId(),
          order.state().technician().orElse(null),
          order.state().status(),
          order.version(),
          actor == null ? null : actor.id(),
          actor == null ? null : actor.role());
    }
  }

  /// `order.created`
  record Created(
      @JsonUnwrapped Facts facts,
      Priority priority,
      WorkRequest.Category category,
      String zone,
      String address,
      String description) {}

  /// `order.assigned`
  record Assigned(@JsonUnwrapped Facts facts, UUID previousTechnicianId, String reason) {}

  /// `technician.assigned`: the same, and what the technician must know to go there.
  record TechnicianAssigned(
      @JsonUnwrapped Facts facts,
      UUID previousTechnicianId,
      String reason,
      Priority priority,
      WorkRequest.Category category,
      String zone,
      String address) {
    static TechnicianAssigned of(Assigned assigned, WorkRequest request) {
      return new TechnicianAssigned(
          assigned.facts(),
          assigned.previousTechnicianId(),
          assigned.reason(),
          request.priority(),
          request.category(),
          request.zone(),
          request.address());
    }
  }

  /// `order.status_changed`
  record StatusChanged(
      @JsonUnwrapped Facts facts,
      OrderStatus from,
      OrderStatus to,
      String reason,
      HoldReason reasonCode) {}

  /// `order.completed`
  record Completed(@JsonUnwrapped Facts facts, Resolution resolution) {}

  /// `order.cancelled`
  record Cancelled(@JsonUnwrapped Facts facts, String reason) {}

  /// `order.transition_refused`
  record TransitionRefused(
      @JsonUnwrapped Facts facts,
      OrderStatus from,
      OrderStatus to,
      String detail,
      List<OrderStatus> allowedTransitions) {}

  /// `sla.warning` and `sla.breached`
  ///
  /// @param dueAt when the whole time of the target is, or was, over
  record Sla(@JsonUnwrapped Facts facts, Target target, Instant dueAt) {}

  static NewEvent created(Order order, Actor actor) {
    WorkRequest request = order.request();
    return NewEvent.of(
        "order.created",
        new Created(
            Facts.of(order, actor),
            request.priority(),
            request.category(),
            request.zone(),
            request.address(),
            request.description()));
  }

  /// What a change of state emits: DESIGN's table, as code.
  static List<NewEvent> moved(Order before, Order after, Actor actor, String reason) {
    Facts facts = Facts.of(after, actor);
    OrderStatus from = before.state().status();
    List<NewEvent> events = new ArrayList<>();
    HoldReason hold = null;
    switch (after.state()) {
      case OrderState.Assigned _ -> {
        Assigned data = new Assigned(facts, before.state().technician().orElse(null), reason);
        events.add(NewEvent.of("order.assigned", data));
        events.add(
            NewEvent.of("technician.assigned", TechnicianAssigned.of(data, after.request())));
      }
      case OrderState.OnHold onHold -> hold = onHold.reason();
      case OrderState.Created _,
          OrderState.InProgress _,
          OrderState.Completed _,
          OrderState.Cancelled _ -> {}
    }
    events.add(
        NewEvent.of(
            "order.status_changed",
            new StatusChanged(facts, from, after.state().status(), reason, hold)));
    switch (after.state()) {
      case OrderState.Completed completed ->
          events.add(NewEvent.of("order.completed", new Completed(facts, completed.resolution())));
      case OrderState.Cancelled cancelled ->
          events.add(NewEvent.of("order.cancelled", new Cancelled(facts, cancelled.reason())));
      case OrderState.Created _,
          OrderState.Assigned _,
          OrderState.InProgress _,
          OrderState.OnHold _ -> {}
    }
    return events;
  }

  static NewEvent refused(Order order, OrderStatus to, Actor actor, String detail) {
    return NewEvent.of(
        "order.transition_refused",
        new TransitionRefused(
            Facts.of(order, actor),
            order.state().status(),
            to,
            detail,
            order.state().allowed(actor.towards(order))));
  }

  static NewEvent sla(Order order, Crossing crossing) {
    String type =
        switch (crossing.level()) {
          case WARNING -> "sla.warning";
          case BREACHED -> "sla.breached";
        };
    return NewEvent.of(type, new Sla(Facts.of(order, null), crossing.target(), crossing.dueAt()));
  }
}
