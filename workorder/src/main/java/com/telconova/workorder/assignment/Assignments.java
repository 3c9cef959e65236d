package com.telconova.workorder.assignment;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.assignment.DecisionRepository.Decision;
import com.telconova.workorder.assignment.DecisionRepository.Kind;
import com.telconova.workorder.order.Command;
import com.telconova.workorder.order.Objection;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderStatus;
import com.telconova.workorder.order.Orders;
import com.telconova.workorder.technician.Technician;
import com.telconova.workorder.technician.TechnicianRepository;
import com.telconova.workorder.technician.Technicians;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Gives orders to technicians, and says why.
///
/// Nobody is booked twice: whoever gives somebody an order holds the technician's row, and has
/// looked at their workload since, or knows by `loadVersion` that it is what it was. The order's
/// row is always locked before a technician's, and never two technicians' at once.
public final class Assignments {
  /// How often the engine chooses anew because somebody else took its choice meanwhile.
  private static final int MAX_TRIES = 20;

  private final Clock clock;
  private final ZoneId zone;
  private final Policy policy;
  private final Database database;
  private final Orders orders;
  private final Technicians technicians;
  private final TechnicianRepository repository;
  private final Snapshots snapshots;
  private final DecisionRepository decisions;

  /// @param zone where a day begins
  public Assignments(
      Clock clock,
      ZoneId zone,
      Policy policy,
      Database database,
      Orders orders,
      Technicians technicians,
      TechnicianRepository repository,
      Snapshots snapshots,
      DecisionRepository decisions) {
    this.clock = clock;
    this.zone = zone;
    this.policy = policy;
    this.database = database;
    this.orders = orders;
    this.technicians = technicians;
    this.repository = repository;
    this.snapshots = snapshots;
    this.decisions = decisions;
  }

  /// Every technician for an order, the best first, and what speaks against whom.
  ///
  /// @throws Failure.NotFound when there is no such order
  /// @throws Failure.Conflict when it cannot be assigned any more
  public Ranking candidates(Principal caller, UUID id) {
    Order order = orders.get(caller, id);
    OrderStatus status = order.state().status();
    if (status != OrderStatus.CREATED && status != OrderStatus.ASSIGNED) {
      throw new Failure.Conflict(
          "An order that is %s cannot be assigned, so nobody is a candidate.".formatted(status));
    }
    return Engine.rank(database.read(handle -> inputs(handle, order)));
  }

  /// Gives an order to this technician.
  ///
  /// @param version what `If-Match` asks for, or null
  /// @param reason overrides what speaks against this technician; may be null
  /// @throws Failure.Invalid when there is no such technician, or a reason is missing
  /// @throws Failure.Conflict when they are inactive, the order cannot be assigned now, or a rule
  ///   speaks against it and no reason is given; then naming the rules in `excludedBy`
  public Order assign(Principal caller, UUID id, Long version, UUID technicianId, String reason) {
    technicians.require(technicianId, caller.token(), "/technicianId");
    return orders.change(
        caller,
        id,
        version,
        OrderStatus.ASSIGNED,
        reason,
        (handle, order) -> {
          Instant now = clock.instant();
          Technician technician = repository.lock(handle, technicianId).orElseThrow();
          Inputs inputs =
              new Inputs(
                  now,
                  zone,
                  policy,
                  snapshots.orders(handle, List.of(order)).getFirst(),
                  List.of(snapshots.of(handle, technician, now)));
          Ranking ranking = Engine.rank(inputs);
          return command(
              handle,
              caller,
              Kind.SUPERVISOR,
              inputs,
              ranking,
              ranking.candidates().getFirst(),
              reason);
        });
  }

  /// Gives an order to whom the engine finds best.
  ///
  /// @param version what `If-Match` asks for, or null
  /// @param reason needed to take the order from a technician; may be null
  /// @throws Failure.Conflict when the order cannot be assigned now, or nobody can be sent; then
  ///   with the number of technicians that each rule excludes in `rules`
  /// @throws Failure.Unavailable when others keep taking whom it chooses
  public Order assignBest(Principal caller, UUID id, Long version, String reason) {
    for (int i = 0; i < MAX_TRIES; i++) {
      try {
        return orders.change(
            caller,
            id,
            version,
            OrderStatus.ASSIGNED,
            reason,
            (handle, order) -> best(handle, caller, order, reason));
      } catch (Overtaken e) {
        // Our choice was given another order or profile meanwhile: choose anew on what is now.
      }
    }
    throw new Failure.Unavailable(
        "Others keep assigning at the same moment; try again.", Duration.ofSeconds(1));
  }

  private Command best(Handle handle, Principal caller, Order order, String reason) {
    Inputs inputs = inputs(handle, order);
    Ranking ranking = Engine.rank(inputs);
    Candidate best = ranking.best().orElseThrow(() -> nobody(ranking));
    TechnicianFacts chosen =
        inputs.technicians().stream()
            .filter(technician -> technician.id().equals(best.technicianId()))
            .findFirst()
            .orElseThrow();
    Technician technician = repository.lock(handle, best.technicianId()).orElseThrow();
    boolean asRanked =
        technician.loadVersion() == chosen.loadVersion()
            && technician.active()
            && technician.profile().equals(chosen.profile());
    if (!asRanked) {
      throw new Overtaken();
    }
    return command(handle, caller, Kind.ENGINE, inputs, ranking, best, reason);
  }

  private Command command(
      Handle handle,
      Principal caller,
      Kind kind,
      Inputs inputs,
      Ranking ranking,
      Candidate chosen,
      String reason) {
    UUID decision = UuidCreator.getTimeOrderedEpoch();
    decisions.insert(
        handle,
        new Decision(
            decision,
            kind,
            inputs.order().id(),
            chosen.technicianId(),
            inputs.now(),
            caller.userId(),
            policy.version(),
            inputs,
            ranking));
    repository.noteAssignment(handle, chosen.technicianId(), inputs.now());
    return new Command.Assign(
        chosen.technicianId(), overridable(chosen.excludedBy()), reason, decision);
  }

  /// Whoever is inactive was refused before, unless auth knows better than the last event.
  private static List<Objection> overridable(List<Objection> objections) {
    return objections.stream()
        .filter(objection -> !objection.rule().equals(Rule.ACTIVE.name()))
        .toList();
  }

  private Inputs inputs(Handle handle, Order order) {
    Instant now = clock.instant();
    List<TechnicianFacts> everybody = snapshots.everybody(handle, now);
    return new Inputs(
        now, zone, policy, snapshots.orders(handle, List.of(order)).getFirst(), everybody);
  }

  private static Failure.Conflict nobody(Ranking ranking) {
    int count = ranking.candidates().size();
    return new Failure.Conflict(
        "Nobody can be sent: each of the %d technicians is excluded by a rule.".formatted(count),
        Map.of("technicians", count, "rules", ranking.rules()));
  }

  /// Ends the transaction: the choice was made on what is no longer so.
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overtaken() {
      super(null, null, false, false);
    }
  }
}
