package com.telconova.workorder.dispatch;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.assignment.DecisionRepository;
import com.telconova.workorder.assignment.DecisionRepository.Decision;
import com.telconova.workorder.assignment.DecisionRepository.Kind;
import com.telconova.workorder.assignment.Policy;
import com.telconova.workorder.assignment.Snapshots;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderSearch;
import com.telconova.workorder.order.Orders;
import com.telconova.workorder.order.Orders.Grant;
import com.telconova.workorder.technician.TechnicianRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.JdbiException;

/// Gives all open orders to technicians at once.
///
/// The plan is made without any lock. The orders are then given, some dozens in a transaction,
/// unless one or its technician's workload is no longer what the plan was made on: such an order is
/// left open and named in the answer.
public final class Dispatches {
  /// How many orders one dispatch takes, the most urgent first.
  private static final int MAX_ORDERS = 500;

  /// How many orders are given in one transaction, or all of one technician: what is given holds
  /// locks for some 30 ms.
  private static final int BATCH = 50;

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

    UUID decision = dryRun ? null : keep(caller, task, plan);
    List<Skipped> skipped =
        dryRun
            ? Collections.nCopies(plan.assigned().size(), null)
            : carryOut(caller, task, plan, decision);
    List<Plan.Assigned> given =
        IntStream.range(0, skipped.size())
            .filter(i -> skipped.get(i) == null)
            .mapToObj(plan.assigned()::get)
            .toList();
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
        skipped.stream().filter(Objects::nonNull).toList());
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

  /// Gives the orders of a plan, some technicians' at a time.
  ///
  /// @return null for each that was given, else why it was not, in the order of the plan
  private List<Skipped> carryOut(Principal caller, Task task, Plan plan, UUID decision) {
    Map<UUID, Long> versions = new HashMap<>();
    task.orders().forEach(order -> versions.put(order.id(), order.version()));
    Map<UUID, Long> loads = new HashMap<>();
    task.technicians().forEach(each -> loads.put(each.id(), each.loadVersion()));
    Map<UUID, List<Grant>> byTechnician = new LinkedHashMap<>();
    for (Plan.Assigned each : plan.assigned()) {
      byTechnician
          .computeIfAbsent(each.technicianId(), _ -> new ArrayList<>())
          .add(
              new Grant(
                  each.orderId(), versions.get(each.orderId()), each.technicianId(), decision));
    }

    Map<UUID, Skipped> skipped = new HashMap<>();
    List<Grant> batch = new ArrayList<>();
    for (List<Grant> each : byTechnician.values()) {
      if (batch.size() + each.size() > BATCH && !batch.isEmpty()) {
        give(caller, batch, loads, skipped);
        batch.clear();
      }
      batch.addAll(each);
    }
    if (!batch.isEmpty()) {
      give(caller, batch, loads, skipped);
    }
    return plan.assigned().stream().map(each -> skipped.get(each.orderId())).toList();
  }

  private void give(
      Principal caller, List<Grant> batch, Map<UUID, Long> loads, Map<UUID, Skipped> skipped) {
    String why =
        "The order or the technician changed meanwhile, or the technician takes none any more.";
    Set<UUID> given = Set.of();
    try {
      given =
          orders.assignAll(
              caller,
              batch,
              (handle, wanted) ->
                  technicians.noteAssignments(handle, loads, wanted, clock.instant()));
    } catch (Failure e) {
      why = e.getMessage();
    } catch (JdbiException e) {
      // What was given stays given, so that the caller must hear of it, and of these as well.
      why = DatabaseFaults.unavailable(e).orElseThrow(() -> e).getMessage();
    }
    for (Grant each : batch) {
      if (!given.contains(each.orderId())) {
        skipped.put(each.orderId(), new Skipped(each.orderId(), why));
      }
    }
  }
}
