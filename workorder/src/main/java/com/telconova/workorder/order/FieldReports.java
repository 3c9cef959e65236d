package com.telconova.workorder.order;

import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.token.Role;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Moves orders by what technicians report to tracking. A move that the rules refuse is answered
/// with `order.transition_refused`, so that the timeline tells the technician.
///
/// Reports may come late and out of order: one that is older than what was seen already changes
/// nothing, and a completion that overtakes its start begins the work as well.
public final class FieldReports {
  private final Clock clock;
  private final Outbox outbox;
  private final OrderRepository repository;
  private final OrderChanges changes;

  public FieldReports(
      Clock clock, Outbox outbox, OrderRepository repository, OrderChanges changes) {
    this.clock = clock;
    this.outbox = outbox;
    this.repository = repository;
    this.changes = changes;
  }

  /// The handlers by event type.
  public Map<String, EventHandler> handlers() {
    return Map.of(
        "tracking.work_started", this::workStarted,
        "tracking.work_completed", this::workCompleted,
        "tracking.evidence_uploaded", this::evidenceUploaded);
  }

  private record WorkStarted(UUID technicianId, String comment) {}

  private record WorkCompleted(UUID technicianId, String comment, Reported resolution) {}

  private record Reported(String code, Resolution.Outcome outcome, String comment) {}

  private void workStarted(Handle handle, Event event) {
    WorkStarted report = event.data(WorkStarted.class);
    Order order = get(handle, event);
    if (repository.advance(handle, order.id(), event.sequence())) {
      begin(handle, order, new Actor(report.technicianId(), Role.TECHNICIAN));
    }
  }

  private void workCompleted(Handle handle, Event event) {
    WorkCompleted report = event.data(WorkCompleted.class);
    Order order = get(handle, event);
    if (!repository.advance(handle, order.id(), event.sequence())) {
      return;
    }
    Actor technician = new Actor(report.technicianId(), Role.TECHNICIAN);
    Order begun =
        order.state() instanceof OrderState.Assigned ? begin(handle, order, technician) : order;
    Reported said = report.resolution();
    String comment = said.comment() == null ? report.comment() : said.comment();
    Resolution resolution = new Resolution(said.code(), said.outcome(), comment);
    Command complete = new Command.Complete(resolution, begun.evidenceCount() > 0);
    apply(handle, begun, OrderStatus.COMPLETED, complete, technician);
  }

  private void evidenceUploaded(Handle handle, Event event) {
    if (!repository.addEvidence(handle, event.subject())) {
      throw unknown(event);
    }
  }

  private Order begin(Handle handle, Order order, Actor technician) {
    String other = repository.findOtherInProgress(handle, technician.id(), order.id()).orElse(null);
    return apply(handle, order, OrderStatus.IN_PROGRESS, new Command.Work(other), technician);
  }

  private Order apply(
      Handle handle, Order order, OrderStatus target, Command command, Actor technician) {
    if (order.state().status() == target && order.isAssignedTo(technician.id())) {
      return order; // the technician said so to workorder as well
    }
    return switch (order.state().apply(command, technician.towards(order), clock.instant())) {
      case Transition.Moved moved ->
          changes.save(
              handle, new OrderChanges.Move(order, command, moved.next()), technician, null);
      case Transition.Refused refused -> {
        outbox.append(
            handle,
            order.id(),
            clock.instant(),
            OrderEvents.refused(order, target, technician, refused.detail()));
        yield order;
      }
    };
  }

  private Order get(Handle handle, Event event) {
    return repository.lock(handle, event.subject()).orElseThrow(() -> unknown(event));
  }

  /// Not dropped: it is tried again, and at last kept where people see it.
  private static IllegalStateException unknown(Event event) {
    return new IllegalStateException("no order " + event.subject());
  }
}
