package com.telconova.workorder.order;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// What people do with orders. Each change commits together with its history and its events, or not
/// at all.
public final class Orders {
  private final Clock clock;
  private final Database database;
  private final OrderRepository repository;
  private final OrderSearch search;
  private final OrderHistory history;
  private final OrderChanges changes;
  private final EvidenceLookup evidence;

  /// @param evidence asks tracking for what its events have not told yet
  public Orders(
      Clock clock,
      Database database,
      OrderRepository repository,
      OrderSearch search,
      OrderHistory history,
      OrderChanges changes,
      EvidenceLookup evidence) {
    this.clock = clock;
    this.database = database;
    this.repository = repository;
    this.search = search;
    this.history = history;
    this.changes = changes;
    this.evidence = evidence;
  }

  /// Opens an order.
  ///
  /// @param customerId for whom; null: for the caller
  /// @throws Failure.Forbidden when a client asks for P1 or for somebody else
  /// @throws Failure.Invalid when a supervisor names no customer
  Order open(Principal caller, UUID customerId, WorkRequest request) {
    if (caller.role() == Role.CLIENT) {
      if (request.priority() == Priority.P1) {
        throw new Failure.Forbidden("Only a supervisor sets P1; take P2 and say why it is urgent.");
      } else if (customerId != null && !customerId.equals(caller.userId())) {
        throw new Failure.Forbidden("You open orders for yourself only; leave out customerId.");
      }
    } else if (customerId == null) {
      throw Failure.Invalid.at("/customerId", "is required: for which customer is the order?");
    }
    UUID id = UuidCreator.getTimeOrderedEpoch();
    UUID customer = customerId == null ? caller.userId() : customerId;
    return database.atOnce(handle -> changes.open(handle, id, customer, request, Actor.of(caller)));
  }

  /// One order.
  ///
  /// @throws Failure.NotFound when there is none, or the caller takes no part in it
  public Order get(Principal caller, UUID id) {
    return database
        .read(handle -> repository.find(handle, id))
        .filter(seenBy(caller))
        .orElseThrow(Orders::notFound);
  }

  /// Which orders somebody may know of.
  static Predicate<Order> seenBy(Principal caller) {
    Actor actor = Actor.of(caller);
    return order -> actor.towards(order) != Standing.STRANGER;
  }

  /// The orders that the caller takes part in, newest first.
  Page<Order> list(Principal caller, OrderFilter filter, Page.Request page) {
    List<Order> rows =
        filter
            .within(caller)
            .map(visible -> database.read(handle -> search.list(handle, visible, page)))
            .orElse(List.of());
    return Page.of(rows, page, order -> new Page.Cursor(order.createdAt(), order.id()));
  }

  /// The changes of one order, oldest first.
  ///
  /// @throws Failure.NotFound as [#get]
  Page<HistoryEntry> history(Principal caller, UUID id, Page.Request page) {
    get(caller, id);
    long after = page.after() == null ? 0 : page.after().id().getLeastSignificantBits();
    List<HistoryEntry> rows = database.read(handle -> history.list(handle, id, after, page.rows()));
    // A version is a better position than a time: it never repeats.
    return Page.of(
        rows, page, entry -> new Page.Cursor(entry.time(), new UUID(0, entry.version())));
  }

  /// Changes what an order asks for.
  ///
  /// @param version what `If-Match` asks for, or null for any
  /// @throws Failure.Conflict when the order has ended
  /// @throws Failure.Forbidden when it is not the caller's to change any more, or a client sets P1
  /// @throws Failure.PreconditionFailed when the order is at another version
  Order update(Principal caller, UUID id, Long version, Update update) {
    Actor actor = Actor.of(caller);
    return database.inTransaction(handle -> {
      Order order = lock(handle, actor, id, version);
      Standing standing = actor.towards(order);
      order
          .state()
          .editing(standing)
          .ifPresent(refusal -> refuse(refusal, order, standing, List.of()));
      boolean setsP1 =
          update.priority() == Priority.P1 && order.request().priority() != Priority.P1;
      if (setsP1 && caller.role() == Role.CLIENT) {
        throw new Failure.Forbidden("Only a supervisor sets P1.");
      }
      return changes.saveRequest(handle, order, update.applyTo(order.request()), actor);
    });
  }

  /// What an order is to ask for from now on; the rest of it stays as it is.
  ///
  /// @param position,windowStart,windowEnd null: none
  record Update(
      String title,
      String description,
      Priority priority,
      String zone,
      String address,
      Position position,
      Instant windowStart,
      Instant windowEnd) {
    private WorkRequest applyTo(WorkRequest request) {
      return new WorkRequest(
          title,
          description,
          request.category(),
          priority,
          zone,
          address,
          position,
          request.requiredSkills(),
          request.estimatedMinutes(),
          windowStart,
          windowEnd);
    }
  }

  /// Moves an order to another state.
  ///
  /// @param version what `If-Match` asks for, or null
  /// @throws Failure.Conflict naming the `allowedTransitions` when there is no such move
  /// @throws Failure.Forbidden when the move is not the caller's to make
  /// @throws Failure.Invalid when something must be said for it
  Order changeStatus(Principal caller, UUID id, Long version, StatusChange change) {
    // Not what its events have told: evidence can be deleted, of which none tells.
    boolean uploaded =
        change.status() == OrderStatus.COMPLETED
            && !change.resolution().hasComment()
            && evidence.exists(id, caller.token());
    return change(
        caller,
        id,
        version,
        change.status(),
        change.reason(),
        (handle, order) -> command(handle, order, change, uploaded));
  }

  /// What somebody wants to become of an order.
  ///
  /// @param status any but ASSIGNED; never null
  /// @param reason,reasonCode,resolution as far as they were sent
  record StatusChange(
      OrderStatus status, String reason, HoldReason reasonCode, Resolution resolution) {}

  /// Says what is to become of an order, once it is locked and may be moved at all.
  public interface Decision {
    Command command(Handle handle, Order order);
  }

  /// Moves an order to `target` in one transaction: lock, decide, save.
  ///
  /// @param version what `If-Match` asks for, or null
  /// @throws Failure.NotFound as [#get]
  /// @throws Failure.PreconditionFailed when the order is at another version
  /// @throws Failure.Conflict naming the `allowedTransitions` when there is no such move
  /// @throws Failure.Forbidden when the move is not the caller's to make
  /// @throws Failure.Invalid when something must be said for it
  public Order change(
      Principal caller,
      UUID id,
      Long version,
      OrderStatus target,
      String reason,
      Decision decision) {
    Actor actor = Actor.of(caller);
    try {
      return database.inTransaction(handle -> {
        Order order = lock(handle, actor, id, version);
        Standing standing = actor.towards(order);
        order
            .state()
            .refusal(target, standing)
            .ifPresent(refusal -> refuse(refusal, order, standing, List.of()));
        Command command = decision.command(handle, order);
        Transition outcome = order.state().apply(command, standing, clock.instant());
        if (outcome instanceof Transition.Moved moved) {
          OrderChanges.Move move = new OrderChanges.Move(order, command, moved.next());
          return changes.save(handle, move, actor, reason);
        }
        throw refuse(
            outcome,
            order,
            standing,
            command instanceof Command.Assign assign ? assign.objections() : List.of());
      });
    } catch (JdbiException e) {
      throw DatabaseFaults.violates(e, OrderRepository.ONE_IN_PROGRESS)
          ? new Failure.Conflict("The technician began another order at this moment.")
          : e;
    }
  }

  /// An order to be given to a technician, as it was when that was decided.
  public record Grant(UUID orderId, long version, UUID technicianId, UUID decisionId) {}

  /// Says who takes what they are to be given, once the orders are locked.
  public interface Consent {
    /// @param wanted how many orders each of these technicians is to be given
    /// @return those who take all of theirs
    Set<UUID> takers(Handle handle, Map<UUID, Integer> wanted);
  }

  /// Gives many orders to technicians in one transaction and a handful of round trips. What
  /// somebody else changed since, or is changing at this moment, is left as it is: nobody waits for
  /// anybody, so that no two such transactions can wait for each other.
  ///
  /// @return the orders that were given
  public Set<UUID> assignAll(Principal caller, List<Grant> grants, Consent consent) {
    Actor actor = Actor.of(caller);
    return database.inTransaction(handle -> {
      Map<UUID, Order> free =
          repository.lockFree(handle, grants.stream().map(Grant::orderId).toList());
      Map<UUID, Integer> wanted = new LinkedHashMap<>();
      List<Grant> ready = new ArrayList<>();
      for (Grant grant : grants) {
        Order order = free.get(grant.orderId());
        if (order != null && order.version() == grant.version()) {
          ready.add(grant);
          wanted.merge(grant.technicianId(), 1, Integer::sum);
        }
      }
      Set<UUID> takers = ready.isEmpty() ? Set.of() : consent.takers(handle, wanted);
      List<OrderChanges.Move> moves =
          ready.stream()
              .filter(grant -> takers.contains(grant.technicianId()))
              .flatMap(grant -> move(free.get(grant.orderId()), grant, actor).stream())
              .toList();
      return moves.isEmpty()
          ? Set.of()
          : changes.save(handle, moves, actor, null).stream()
              .map(Order::id)
              .collect(Collectors.toSet());
    });
  }

  private Optional<OrderChanges.Move> move(Order order, Grant grant, Actor actor) {
    Command assign = new Command.Assign(grant.technicianId(), List.of(), null, grant.decisionId());
    return order.state().apply(assign, actor.towards(order), clock.instant())
            instanceof Transition.Moved moved
        ? Optional.of(new OrderChanges.Move(order, assign, moved.next()))
        : Optional.empty();
  }

  private Order lock(Handle handle, Actor actor, UUID id, Long version) {
    Order order =
        repository
            .lock(handle, id)
            .filter(found -> actor.towards(found) != Standing.STRANGER)
            .orElseThrow(Orders::notFound);
    if (version != null && version != order.version()) {
      throw new Failure.PreconditionFailed(
          "The order is at version %d by now; fetch it again.".formatted(order.version()));
    }
    return order;
  }

  private Command command(Handle handle, Order order, StatusChange change, boolean uploaded) {
    return switch (change.status()) {
      case CREATED -> new Command.Unassign(change.reason());
      case IN_PROGRESS -> new Command.Work(otherInProgress(handle, order));
      case ON_HOLD -> new Command.Hold(change.reasonCode());
      case COMPLETED -> new Command.Complete(change.resolution(), uploaded);
      case CANCELLED -> new Command.Cancel(change.reason());
      case ASSIGNED -> throw new IllegalArgumentException("ASSIGNED needs a technician");
    };
  }

  private String otherInProgress(Handle handle, Order order) {
    return order
        .state()
        .technician()
        .flatMap(technician -> repository.findOtherInProgress(handle, technician, order.id()))
        .orElse(null);
  }

  /// @param objections what spoke against the technician, if that is why
  /// @return never
  private static RuntimeException refuse(
      Transition outcome, Order order, Standing standing, List<Objection> objections) {
    throw switch (outcome) {
      case Transition.Illegal illegal -> {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("allowedTransitions", order.state().allowed(standing));
        if (!objections.isEmpty()) {
          facts.put("excludedBy", objections);
        }
        yield new Failure.Conflict(illegal.detail(), facts);
      }
      case Transition.NotPermitted refused -> new Failure.Forbidden(refused.detail());
      case Transition.Missing missing -> Failure.Invalid.at(missing.pointer(), missing.detail());
      case Transition.Moved _ -> new IllegalArgumentException("not refused");
    };
  }

  static Failure.NotFound notFound() {
    return new Failure.NotFound("There is no order with this id.");
  }
}
