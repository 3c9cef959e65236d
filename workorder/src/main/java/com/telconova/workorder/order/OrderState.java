package com.telconova.workorder.order;

import com.telconova.workorder.order.Transition.Illegal;
import com.telconova.workorder.order.Transition.Missing;
import com.telconova.workorder.order.Transition.Moved;
import com.telconova.workorder.order.Transition.NotPermitted;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// The state of an order, with the facts that hold only in it, and the rules by which it moves.
///
/// Pure: no clock, no database. Whoever asks is known only by their [Standing]. A refusal names the
/// first reason in this order: no such move, not yours to make, something missing.
public sealed interface OrderState {
  /// Nobody does it yet.
  record Created() implements OrderState {}

  /// A technician is to do it.
  record Assigned(UUID technicianId) implements OrderState {}

  /// The technician is at it.
  record InProgress(UUID technicianId) implements OrderState {}

  /// It rests, for a reason.
  record OnHold(UUID technicianId, HoldReason reason) implements OrderState {}

  /// It is done. Final.
  record Completed(UUID technicianId, Resolution resolution, Instant at) implements OrderState {}

  /// It was given up. Final.
  ///
  /// @param technicianId who had it at that moment, or null
  record Cancelled(UUID technicianId, String reason, Instant at) implements OrderState {}

  /// The name of this state.
  default OrderStatus status() {
    return switch (this) {
      case Created _ -> OrderStatus.CREATED;
      case Assigned _ -> OrderStatus.ASSIGNED;
      case InProgress _ -> OrderStatus.IN_PROGRESS;
      case OnHold _ -> OrderStatus.ON_HOLD;
      case Completed _ -> OrderStatus.COMPLETED;
      case Cancelled _ -> OrderStatus.CANCELLED;
    };
  }

  /// Who does, did or was to do it.
  default Optional<UUID> technician() {
    return switch (this) {
      case Created _ -> Optional.empty();
      case Assigned state -> Optional.of(state.technicianId());
      case InProgress state -> Optional.of(state.technicianId());
      case OnHold state -> Optional.of(state.technicianId());
      case Completed state -> Optional.of(state.technicianId());
      case Cancelled state -> Optional.ofNullable(state.technicianId());
    };
  }

  /// When it ended; empty while it is open.
  default Optional<Instant> endedAt() {
    return switch (this) {
      case Completed state -> Optional.of(state.at());
      case Cancelled state -> Optional.of(state.at());
      case Created _, Assigned _, InProgress _, OnHold _ -> Optional.empty();
    };
  }

  /// What becomes of this state when somebody of this standing asks for `command` at `now`.
  default Transition apply(Command command, Standing standing, Instant now) {
    return switch (command) {
      case Command.Assign assign -> assign(assign, standing);
      case Command.Unassign unassign -> unassign(unassign, standing);
      case Command.Work work -> work(work, standing);
      case Command.Hold hold -> hold(hold, standing);
      case Command.Complete complete -> complete(complete, standing, now);
      case Command.Cancel cancel -> cancel(cancel, standing, now);
    };
  }

  /// The states that somebody of this standing may ask for next, in the order of an order's life.
  default List<OrderStatus> allowed(Standing standing) {
    return Arrays.stream(OrderStatus.values())
        .filter(target -> permitted(status(), target).contains(standing))
        .toList();
  }

  /// Why somebody of this standing may not change what the order asks for; empty when they may.
  default Optional<Transition.Refused> editing(Standing standing) {
    return switch (this) {
      case Completed _, Cancelled _ ->
          Optional.of(new Illegal("An order that is %s never changes.".formatted(status())));
      case Created _ when standing == Standing.CUSTOMER -> Optional.empty();
      case Created _, Assigned _, InProgress _, OnHold _ ->
          standing == Standing.SUPERVISOR
              ? Optional.empty()
              : Optional.of(
                  new NotPermitted("You may change an order only before it is assigned."));
    };
  }

  private Transition assign(Command.Assign command, Standing standing) {
    return refusal(OrderStatus.ASSIGNED, standing)
        .orElseGet(() -> {
          boolean again = technician().filter(command.technicianId()::equals).isPresent();
          if (again) {
            return new Illegal("The order is assigned to this technician already.");
          } else if (this instanceof Assigned && blank(command.reason())) {
            return new Missing("/reason", "is required to take the order from a technician");
          } else if (!command.objections().isEmpty() && blank(command.reason())) {
            return new Illegal(
                "%s Give a reason to assign the order to this technician all the same."
                    .formatted(
                        command.objections().stream()
                            .map(Objection::detail)
                            .collect(Collectors.joining(" "))));
          }
          return new Moved(new Assigned(command.technicianId()));
        });
  }

  private Transition unassign(Command.Unassign command, Standing standing) {
    return refusal(OrderStatus.CREATED, standing)
        .orElseGet(() ->
            blank(command.reason())
                ? new Missing("/reason", "is required to give the order back")
                : new Moved(new Created()));
  }

  private Transition work(Command.Work command, Standing standing) {
    return refusal(OrderStatus.IN_PROGRESS, standing)
        .orElseGet(() ->
            command.otherInProgress() != null
                ? new Illegal(
                    "The technician is working on %s; put it on hold or complete it first."
                        .formatted(command.otherInProgress()))
                : new Moved(new InProgress(technician().orElseThrow())));
  }

  private Transition hold(Command.Hold command, Standing standing) {
    return refusal(OrderStatus.ON_HOLD, standing)
        .orElseGet(() ->
            command.reason() == null
                ? new Missing("/reasonCode", "is required to put the order on hold")
                : new Moved(new OnHold(technician().orElseThrow(), command.reason())));
  }

  private Transition complete(Command.Complete command, Standing standing, Instant now) {
    return refusal(OrderStatus.COMPLETED, standing)
        .orElseGet(() -> {
          if (command.resolution() == null) {
            return new Missing("/resolution", "is required to complete the order");
          } else if (!command.evidence() && !command.resolution().hasComment()) {
            return new Missing(
                "/resolution/comment", "is required as long as no evidence is uploaded");
          }
          return new Moved(new Completed(technician().orElseThrow(), command.resolution(), now));
        });
  }

  private Transition cancel(Command.Cancel command, Standing standing, Instant now) {
    return refusal(OrderStatus.CANCELLED, standing)
        .orElseGet(() ->
            blank(command.reason())
                ? new Missing("/reason", "is required to cancel the order")
                : new Moved(new Cancelled(technician().orElse(null), command.reason(), now)));
  }

  /// Why somebody of this standing may not move the order to `target`, whatever they have to say;
  /// empty when they may.
  default Optional<Transition> refusal(OrderStatus target, Standing standing) {
    List<Standing> permitted = permitted(status(), target);
    if (permitted.isEmpty()) {
      return Optional.of(
          new Illegal("An order that is %s cannot become %s.".formatted(status(), target)));
    } else if (!permitted.contains(standing)) {
      return Optional.of(
          new NotPermitted(
              "You may not make an order that is %s become %s.".formatted(status(), target)));
    }
    return Optional.empty();
  }

  /// The table: who may move an order from one state to another. Nobody: there is no such move.
  private static List<Standing> permitted(OrderStatus from, OrderStatus to) {
    return switch (from) {
      case CREATED ->
          switch (to) {
            case ASSIGNED -> List.of(Standing.SUPERVISOR);
            case CANCELLED -> List.of(Standing.CUSTOMER, Standing.SUPERVISOR);
            case CREATED, IN_PROGRESS, ON_HOLD, COMPLETED -> List.of();
          };
      case ASSIGNED ->
          switch (to) {
            case CREATED -> List.of(Standing.TECHNICIAN, Standing.SUPERVISOR);
            case ASSIGNED -> List.of(Standing.SUPERVISOR);
            case IN_PROGRESS -> List.of(Standing.TECHNICIAN);
            case CANCELLED -> List.of(Standing.CUSTOMER, Standing.SUPERVISOR);
            case ON_HOLD, COMPLETED -> List.of();
          };
      case IN_PROGRESS ->
          switch (to) {
            case ON_HOLD -> List.of(Standing.TECHNICIAN, Standing.SUPERVISOR);
            case COMPLETED -> List.of(Standing.TECHNICIAN);
            case CANCELLED -> List.of(Standing.SUPERVISOR);
            case CREATED, ASSIGNED, IN_PROGRESS -> List.of();
          };
      case ON_HOLD ->
          switch (to) {
            case IN_PROGRESS -> List.of(Standing.TECHNICIAN, Standing.SUPERVISOR);
            case CANCELLED -> List.of(Standing.SUPERVISOR);
            case CREATED, ASSIGNED, ON_HOLD, COMPLETED -> List.of();
          };
      case COMPLETED, CANCELLED -> List.of();
    };
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
