package com.telconova.workorder.dispatch;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.trace.Trace;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// Gives all open orders to technicians at once.
///
/// The plan is made without any lock. Each order is then given in a transaction of its own, unless
/// it or its technician's workload is no longer what the plan was made on: such an order is left
/// open and named in the answer. A transaction locks one order and then one technician, so those
/// that run side by side never wait for each other in a circle.
public final class Dispatches {
  /// How many orders one dispatch takes, the most urgent first.
  private static final int MAX_ORDERS = 500;

  /// How many technicians are given their orders at once: not so many of the ten connections that
  /// other requests would wait for the end.
  private static final int LANES = 4;

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

  /// Gives the orders of a plan, a few technicians' side by side, one technician's one after the
  /// other: each makes the next one's load.
  ///
  /// @return null for each that was given, else why it was not, in the order of the plan
  private List<Skipped> carryOut(Principal caller, Task task, Plan plan, UUID decision) {
    Map<UUID, Long> versions = new HashMap<>();
    task.orders().forEach(order -> versions.put(order.id(), order.version()));
    Map<UUID, Long> loads = new HashMap<>();
    task.technicians().forEach(each -> loads.put(each.id(), each.loadVersion()));
    Map<UUID, List<Integer>> byTechnician = new LinkedHashMap<>();
    for (int i = 0; i < plan.assigned().size(); i++) {
      UUID technician = plan.assigned().get(i).technicianId();
      byTechnician.computeIfAbsent(technician, _ -> new ArrayList<>()).add(i);
    }

    Skipped[] skipped = new Skipped[plan.assigned().size()];
    Optional<Trace> trace = Trace.current();
    Queue<List<Integer>> waiting = new ConcurrentLinkedQueue<>(byTechnician.values());
    Runnable lane =
        () -> {
          try (Trace.Scope _ = trace.orElseGet(Trace::begin).enter()) {
            for (List<Integer> each = waiting.poll(); each != null; each = waiting.poll()) {
              long load = loads.get(plan.assigned().get(each.getFirst()).technicianId());
              for (int i : each) {
                Plan.Assigned next = plan.assigned().get(i);
                skipped[i] = give(caller, next, versions.get(next.orderId()), load, decision);
                load += skipped[i] == null ? 1 : 0;
              }
            }
          }
        };
    try (ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < Math.min(LANES, byTechnician.size()); i++) {
        running.add(lanes.submit(lane));
      }
      running.forEach(Dispatches::join);
    }
    return Arrays.asList(skipped);
  }

  /// @return null when it was given
  private Skipped give(
      Principal caller, Plan.Assigned next, long version, long load, UUID decision) {
    try {
      orders.change(
          caller,
          next.orderId(),
          version,
          OrderStatus.ASSIGNED,
          null,
          (handle, _) -> give(handle, next.technicianId(), load, decision));
      return null;
    } catch (Failure e) {
      return new Skipped(next.orderId(), e.getMessage());
    } catch (JdbiException e) {
      // What was given stays given, so that the caller must hear of it, and of this one as well.
      return new Skipped(
          next.orderId(), DatabaseFaults.unavailable(e).orElseThrow(() -> e).getMessage());
    }
  }

  private Command give(Handle handle, UUID technician, long load, UUID decision) {
    if (!technicians.noteAssignment(handle, technician, load, clock.instant())) {
      throw new Failure.Conflict(
          "The technician was given another order meanwhile, or takes none any more.");
    }
    return new Command.Assign(technician, List.of(), null, decision);
  }

  private static void join(Future<?> lane) {
    try {
      lane.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an order could not be given", e.getCause());
    }
  }
}
