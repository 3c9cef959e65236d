package com.telconova.workorder.order;

import com.telconova.shared.event.Outbox;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Stores a change of an order with its history and its events, whoever asked for it.
public final class OrderChanges {
  private final Clock clock;
  private final Outbox outbox;
  private final OrderRepository repository;

  public OrderChanges(Clock clock, Outbox outbox, OrderRepository repository) {
    this.clock = clock;
    this.outbox = outbox;
    this.repository = repository;
  }

  /// @param order as it was when `command` moved it to `next`, and still is in the database
  /// @return the order as it is now
  Order save(
      Handle handle, Order order, Command command, OrderState next, Actor actor, String reason) {
    Order moved = order.moved(next, excluded(order, command), clock.instant());
    repository.update(handle, moved);
    repository.insertHistory(
        handle,
        moved.id(),
        HistoryEntry.of(moved, order.state().status(), actor, reason, List.of()));
    outbox.append(
        handle, moved.id(), moved.updatedAt(), OrderEvents.moved(order, moved, actor, reason));
    return moved;
  }

  /// Stores that the order asks for something else from now on. No event tells of it.
  ///
  /// @param order as it still is in the database
  /// @return the order as it is now; the same when nothing differs
  Order saveRequest(Handle handle, Order order, WorkRequest next, Actor actor) {
    List<String> changed = order.request().differences(next);
    if (changed.isEmpty()) {
      return order;
    }
    Order edited = order.edited(next, clock.instant());
    repository.updateRequest(handle, edited);
    repository.insertHistory(
        handle, edited.id(), HistoryEntry.of(edited, order.state().status(), actor, null, changed));
    return edited;
  }

  /// Whoever gives an order back does not get it again.
  private static List<UUID> excluded(Order order, Command command) {
    List<UUID> excluded = new ArrayList<>(order.excludedTechnicians());
    if (command instanceof Command.Unassign) {
      order.state().technician().filter(t -> !excluded.contains(t)).ifPresent(excluded::add);
    }
    return excluded;
  }
}
