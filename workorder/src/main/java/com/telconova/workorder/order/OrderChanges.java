package com.telconova.workorder.order;

import com.telconova.shared.database.Write;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Sla;
import com.telconova.workorder.sla.SlaPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Stores what becomes of an order with its history, its promises and its events, whoever asked for
/// it.
public final class OrderChanges {
  private final Clock clock;
  private final Outbox outbox;
  private final OrderRepository repository;
  private final OrderHistory history;
  private final SlaPolicy policy;
  private final OrderCodes codes = new OrderCodes();

  public OrderChanges(
      Clock clock,
      Outbox outbox,
      OrderRepository repository,
      OrderHistory history,
      SlaPolicy policy) {
    this.clock = clock;
    this.outbox = outbox;
    this.repository = repository;
    this.history = history;
    this.policy = policy;
  }

  /// Stores a new order, in one round trip.
  ///
  /// @param id,customerId its own and its customer's
  /// @return the order with its code
  Order open(Handle handle, UUID id, UUID customerId, WorkRequest request, Actor actor) {
    Instant now = clock.instant();
    OrderState state = new OrderState.Created();
    Moment opening = new Moment(now, request.priority(), Moment.Phase.OPEN);
    Sla sla = policy.of(List.of(opening));
    String code = codes.next(handle, now);
    Order order = new Order(id, code, customerId, request, state, List.of(), 0, sla, 1, now, now);
    Write.together(
        handle,
        repository.inserting(order, actor),
        history.inserting(id, HistoryEntry.opened(order, actor)),
        outbox.appending(id, now, OrderEvents.created(order, actor)));
    outbox.committed(handle);
    return order;
  }

  /// A change of state: `order`, as it still is in the database, goes on in `next` by `command`.
  record Move(Order order, Command command, OrderState next) {}

  /// Stores a change of state.
  ///
  /// @return the order as it is now
  Order save(Handle handle, Move move, Actor actor, String reason) {
    return save(handle, List.of(move), actor, reason).getFirst();
  }

  /// Stores changes of different orders, in four round trips however many they are, besides what
  /// completions note.
  ///
  /// @return the orders as they are now, in the same order
  List<Order> save(Handle handle, List<Move> moves, Actor actor, String reason) {
    Instant now = clock.instant();
    Map<UUID, List<HistoryEntry>> histories =
        history.list(handle, moves.stream().map(move -> move.order().id()).toList());
    Map<Order, Duration> saved = new LinkedHashMap<>();
    Map<UUID, HistoryEntry> entries = new LinkedHashMap<>();
    Map<UUID, List<NewEvent>> events = new LinkedHashMap<>();
    for (Move move : moves) {
      Order order = move.order();
      List<HistoryEntry> before = history(histories, order);
      Order moved = order.moved(move.next(), excluded(order, move.command()), now);
      HistoryEntry entry =
          HistoryEntry.moved(moved, order.state().status(), move.command(), actor, reason);
      Order judged = judged(moved, before, entry);
      saved.put(judged, held(before, entry));
      entries.put(order.id(), entry);
      events.put(order.id(), OrderEvents.moved(order, judged, actor, reason));
    }
    repository.update(handle, saved);
    history.insert(handle, entries);
    for (Order order : saved.keySet()) {
      if (order.state() instanceof OrderState.Completed completed) {
        boolean fixed = firstTimeFix(completed, history(histories, order));
        repository.noteCompletion(handle, order, completed, fixed);
      }
    }
    outbox.append(handle, now, events);
    return List.copyOf(saved.keySet());
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
    HistoryEntry entry = HistoryEntry.edited(edited, actor, changed);
    Order judged = judged(edited, history.list(handle, order.id()), entry);
    repository.updateRequest(handle, judged);
    history.insert(handle, judged.id(), entry);
    return judged;
  }

  /// The order with what its promises come to, its latest change included.
  private Order judged(Order order, List<HistoryEntry> history, HistoryEntry latest) {
    List<Moment> moments = new ArrayList<>(history.stream().map(HistoryEntry::moment).toList());
    moments.add(latest.moment());
    return order.with(policy.of(moments));
  }

  private static List<HistoryEntry> history(Map<UUID, List<HistoryEntry>> histories, Order order) {
    return Objects.requireNonNull(
        histories.get(order.id()), () -> "no history of order " + order.code());
  }

  /// How long an order rested until its latest change.
  private static Duration held(List<HistoryEntry> history, HistoryEntry latest) {
    Duration held = Duration.ZERO;
    for (int i = 0; i < history.size(); i++) {
      HistoryEntry next = i + 1 < history.size() ? history.get(i + 1) : latest;
      if (history.get(i).to() == OrderStatus.ON_HOLD) {
        held = held.plus(Duration.between(history.get(i).time(), next.time()));
      }
    }
    return held.isNegative() ? Duration.ZERO : held;
  }

  /// Solved, and nobody had to come again with parts.
  private static boolean firstTimeFix(OrderState.Completed completed, List<HistoryEntry> history) {
    return completed.resolution().outcome() == Resolution.Outcome.RESOLVED
        && history.stream().noneMatch(entry -> entry.holdReason() == HoldReason.PARTS);
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
