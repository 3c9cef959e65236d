package com.telconova.workorder.dispatch;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.assignment.DecisionRepository;
import com.telconova.workorder.assignment.DecisionRepository.Decision;
import com.telconova.workorder.assignment.DecisionRepository.Kind;
import com.telconova.workorder.assignment.Policy;
import com.telconova.workorder.assignment.Snapshots;
import com.telconova.workorder.order.Command;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderSearch;
import com.telconova.workorder.order.OrderStatus;
import com.telconova.workorder.order.Orders;
import com.telconova.workorder.technician.TechnicianRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Gives all open orders to technicians at once.
///
/// The plan is made without any lock. Each order is then given in a transaction of its own, unless
/// it or its technician's workload is no longer what the plan was made on: such an order is left
/// open and named in the answer.
public final class Dispatches {
  /// How many orders one dispatch takes, the most urgent first.
  private static final int MAX_ORDERS = 500;

  private final Clock clock;
  private final ZoneId zone;
  private final Policy policy;
  private final Database database;
  private final Orders orders;
  private final OrderSearch search;
  private final TechnicianRepository technicians;
  private final Snapshots snapshots;
  private final DecisionRepository decisions;

  /// @param zone where a day begins
  public Dispatches(
      Clock clock,
      ZoneId zone,
      Policy policy,
      Database database,
      Orders orders,
      OrderSearch search,
      TechnicianRepository technicians,
      Snapshots snapshots,
      DecisionRepository decisions) {
    this.clock = clock;
    this.zone = zone;
    this.policy = policy;
    this.database = database;
    this.orders = orders;
    this.search = search;
    this.technicians = technicians;
    this.snapshots = snapshots;
    this.decisions = decisions;
  }

  /// What came of it.
  ///
  /// @param dryRun whether the plan was only made
  /// @param decisionId where it is kept; null after a dry run
  /// @param openOrders how many were considered
  /// @param moreOpen whether there are more than one dispatch takes
  /// @param assigned those that were given or, in a dry run, would be
  /// @param skipped those that changed while the plan was made
  record Outcome(
      boolean dryRun,
      UUID decisionId,
      Instant decidedAt,
      int policyVersion,
      Plan.Method method,
      Plan.Cost cost,
      int openOrders,
      boolean moreOpen,
      int technicians,
      List<Plan.Assigned> assigned,
      List<Plan.Unassigned> unassigned,
      List<Skipped> skipped) {}

  /// @param detail why it was left open
  record Skipped(UUID orderId, String detail) {}

  /// @param dryRun makes the plan and changes nothing
  Outcome dispatch(Principal caller, boolean dryRun) {
    Instant now = clock.instant();
    List<Order> open = database.read(handle -> search.listOpen(handle, MAX_ORDERS + 1));
    boolean more = open.size() > MAX_ORDERS;
    Task task = task(more ? open.subList(0, MAX_ORDERS) : open, now);
    Plan plan = Dispatcher.plan(task);

    List<Skipped> skipped = new ArrayList<>();
    UUID decision = dryRun ? null : keep(caller, task, plan);
    List<Plan.Assigned> given =
        dryRun ? plan.assigned() : carryOut(caller, task, plan, decision, skipped);
    return new Outcome(
        dryRun,
        decision,
        now,
        policy.version(),
        plan.method(),
        plan.cost(),
        task.orders().size(),
        more,
        task.technicians().size(),
        given,
        plan.unassigned(),
        skipped);
  }

  private Task task(List<Order> open, Instant now) {
    return database.read(handle ->
        new Task(
            now, zone, policy, snapshots.orders(handle, open), snapshots.everybody(handle, now)));
  }

  private UUID keep(Principal caller, Task task, Plan plan) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    database.useTransaction(handle ->
        decisions.insert(
            handle,
            new Decision(
                id,
                Kind.DISPATCH,
                null,
                null,
                task.now(),
                caller.userId(),
                policy.version(),
                task,
                plan)));
    return id;
  }

  private List<Plan.Assigned> carryOut(
      Principal caller, Task task, Plan plan, UUID decision, List<Skipped> skipped) {
    Map<UUID, Long> versions = new HashMap<>();
    task.orders().forEach(order -> versions.put(order.id(), order.version()));
    Map<UUID, Long> loads = new HashMap<>();
    task.technicians().forEach(each -> loads.put(each.id(), each.loadVersion()));

    List<Plan.Assigned> given = new ArrayList<>();
    for (Plan.Assigned each : plan.assigned()) {
      try {
        long load = loads.get(each.technicianId());
        orders.change(
            caller,
            each.orderId(),
            versions.get(each.orderId()),
            OrderStatus.ASSIGNED,
            null,
            (handle, _) -> give(handle, each.technicianId(), load, decision));
        loads.put(each.technicianId(), load + 1);
        given.add(each);
      } catch (Failure e) {
        skipped.add(new Skipped(each.orderId(), e.getMessage()));
      }
    }
    return given;
  }

  private Command give(Handle handle, UUID technician, long load, UUID decision) {
    boolean asPlanned =
        technicians.lock(handle, technician).filter(now -> now.loadVersion() == load).isPresent();
    if (!asPlanned) {
      throw new Failure.Conflict("The technician was given another order meanwhile.");
    }
    technicians.noteAssignment(handle, technician, clock.instant());
    return new Command.Assign(technician, List.of(), null, decision);
  }
}
