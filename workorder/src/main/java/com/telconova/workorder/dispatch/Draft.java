package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.assignment.Engine;
import com.telconova.workorder.assignment.Inputs;
import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.assignment.Ranking;
import com.telconova.workorder.assignment.Rule;
import com.telconova.workorder.assignment.TechnicianFacts;
import com.telconova.workorder.sla.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// A plan in the making: what is still open, and how loaded everybody is by now. Not thread-safe.
final class Draft {
  static final int BEST_SCORE = 10_000;

  /// A week: whoever arrives later than that is not told apart any more, so that sums stay exact.
  static final int MAX_LATE_MINUTES = 7 * 24 * 60;

  private final Task task;
  private final Map<UUID, List<UUID>> possible;
  private final Inputs inputs;
  private final Map<UUID, OrderFacts> open = new LinkedHashMap<>();
  private final Map<UUID, TechnicianFacts> technicians = new LinkedHashMap<>();
  private final List<Plan.Assigned> assigned = new ArrayList<>();

  /// @param possible as [#possible] says of the same task
  Draft(Task task, Map<UUID, List<UUID>> possible) {
    this.task = task;
    this.possible = possible;
    this.inputs = new Inputs(task.now(), task.zone(), task.policy(), null, List.of());
    task.orders().forEach(order -> open.put(order.id(), order));
    task.technicians().forEach(technician -> technicians.put(technician.id(), technician));
  }

  /// The orders that nobody was given yet, the most urgent first.
  List<OrderFacts> open() {
    return List.copyOf(open.values());
  }

  /// Who could do which order, were there nothing else to do. The rest never can, so nobody looks
  /// at them again.
  static Map<UUID, List<UUID>> possible(Task task) {
    Draft empty = new Draft(task, Map.of());
    Map<UUID, List<UUID>> possible = new HashMap<>();
    for (OrderFacts order : task.orders()) {
      possible.put(
          order.id(),
          empty
              .everybody(order)
              .filter(candidate ->
                  candidate.excludedBy().stream()
                      .allMatch(objection -> Rule.valueOf(objection.rule()).dependsOnLoad()))
              .map(Candidate::technicianId)
              .toList());
    }
    return possible;
  }

  /// Who can do an order, loaded as they are by now, in a fixed order.
  List<Candidate> eligible(OrderFacts order) {
    return possible.get(order.id()).stream()
        .map(id -> Engine.evaluate(inputs, order, technicians.get(id)))
        .filter(Candidate::eligible)
        .toList();
  }

  private Stream<Candidate> everybody(OrderFacts order) {
    return technicians.values().stream()
        .map(technician -> Engine.evaluate(inputs, order, technician));
  }

  void give(OrderFacts order, Candidate candidate) {
    open.remove(order.id());
    technicians.computeIfPresent(
        candidate.technicianId(), (_, technician) -> technician.given(order, task.now()));
    assigned.add(
        new Plan.Assigned(
            order.id(), candidate.technicianId(), candidate.score(), late(candidate)));
  }

  Plan.Cost cost() {
    long weight = open.values().stream().mapToLong(order -> weight(order.priority())).sum();
    long late = assigned.stream().mapToLong(Plan.Assigned::lateMinutes).sum();
    long lost = assigned.stream().mapToLong(each -> BEST_SCORE - each.score()).sum();
    return new Plan.Cost(weight, late, lost);
  }

  Plan plan(Plan.Method method) {
    return new Plan(
        method,
        cost(),
        assigned,
        open.values().stream()
            .map(order ->
                new Plan.Unassigned(order.id(), Ranking.countByRule(everybody(order).toList())))
            .toList());
  }

  /// How late somebody arrives, as plans are compared by it.
  static int late(Candidate candidate) {
    return Math.min(candidate.lateMinutes(), MAX_LATE_MINUTES);
  }

  /// What it costs to leave an order to nobody.
  static long weight(Priority priority) {
    return switch (priority) {
      case P1 -> 64;
      case P2 -> 16;
      case P3 -> 4;
      case P4 -> 1;
    };
  }
}
