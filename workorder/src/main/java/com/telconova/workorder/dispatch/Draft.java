package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.assignment.Engine;
import com.telconova.workorder.assignment.Inputs;
import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.assignment.Ranking;
import com.telconova.workorder.assignment.Rule;
import com.telconova.workorder.assignment.TechnicianFacts;
import com.telconova.workorder.sla.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// A plan in the making: what is still open, how loaded everybody is by now, and the price of each
/// further step. Orders and technicians go by their index in the task. Not thread-safe.
///
/// A price is one number, so that half a million of them fit into two megabytes: the late minutes,
/// then what the score falls short of the best there is, as the digits of a number say tens and
/// ones.
final class Draft {
  static final int BEST_SCORE = 10_000;

  /// A week: whoever arrives later than that is not told apart any more, so that sums stay exact.
  static final int MAX_LATE_MINUTES = 7 * 24 * 60;

  /// The price of what a technician cannot do, loaded as they are by now; the least of these.
  static final int NOT_NOW = Integer.MAX_VALUE - 1;

  /// The price of what a technician could not do were there nothing else to do.
  static final int NEVER = Integer.MAX_VALUE;

  private static final int MINUTE = BEST_SCORE + 1;

  private final Task task;
  private final Inputs inputs;
  private final BitSet open;
  private final List<TechnicianFacts> technicians;
  private final int[][] prices;
  private final List<Plan.Assigned> assigned;

  /// Nothing is given yet.
  Draft(Task task) {
    this.task = task;
    this.inputs = new Inputs(task.now(), task.zone(), task.policy(), null, List.of());
    this.open = new BitSet();
    this.technicians = new ArrayList<>(task.technicians());
    this.prices = new int[task.orders().size()][technicians.size()];
    this.assigned = new ArrayList<>();
    open.set(0, prices.length);
    for (int order = 0; order < prices.length; order++) {
      for (int technician = 0; technician < technicians.size(); technician++) {
        prices[order][technician] = price(order, technicians.get(technician));
      }
    }
  }

  private Draft(Draft other) {
    this.task = other.task;
    this.inputs = other.inputs;
    this.open = (BitSet) other.open.clone();
    this.technicians = new ArrayList<>(other.technicians);
    this.prices = new int[other.prices.length][];
    this.assigned = new ArrayList<>(other.assigned);
    for (int order = 0; order < prices.length; order++) {
      prices[order] = other.prices[order].clone();
    }
  }

  /// One that goes on by itself.
  Draft copy() {
    return new Draft(this);
  }

  /// The orders that nobody was given yet, the most urgent first.
  int[] open() {
    return open.stream().toArray();
  }

  Instant now() {
    return task.now();
  }

  int technicians() {
    return technicians.size();
  }

  OrderFacts order(int order) {
    return task.orders().get(order);
  }

  /// A technician, loaded as they are by now.
  TechnicianFacts technician(int technician) {
    return technicians.get(technician);
  }

  /// What it costs to give an open order to a technician now; [#NOT_NOW] or more: it cannot be.
  int price(int order, int technician) {
    return prices[order][technician];
  }

  /// The same for a technician in any situation.
  int price(int order, TechnicianFacts technician) {
    Candidate candidate = evaluate(order, technician);
    if (candidate.eligible()) {
      int late = Math.min(candidate.lateMinutes(), MAX_LATE_MINUTES);
      return late * MINUTE + BEST_SCORE - candidate.score();
    }
    return candidate.excludedBy().stream()
            .allMatch(objection -> Rule.valueOf(objection.rule()).dependsOnLoad())
        ? NOT_NOW
        : NEVER;
  }

  /// How late somebody arrives at this price, as plans are compared by it.
  static int late(int price) {
    return price / MINUTE;
  }

  /// How much the score at this price falls short of the best there is.
  static int lost(int price) {
    return price % MINUTE;
  }

  /// What it costs to leave an order to nobody.
  long weight(int order) {
    return weight(order(order).priority());
  }

  static long weight(Priority priority) {
    return switch (priority) {
      case P1 -> 64;
      case P2 -> 16;
      case P3 -> 4;
      case P4 -> 1;
    };
  }

  Candidate evaluate(int order, int technician) {
    return evaluate(order, technicians.get(technician));
  }

  private Candidate evaluate(int order, TechnicianFacts technician) {
    return Engine.evaluate(inputs, order(order), technician);
  }

  /// @throws IllegalArgumentException when the order is not open, or cannot be given to them
  void give(int order, int technician) {
    int price = prices[order][technician];
    if (!open.get(order) || price >= NOT_NOW) {
      throw new IllegalArgumentException("order " + order + " to technician " + technician);
    }
    open.clear(order);
    TechnicianFacts given = technicians.get(technician).given(order(order), task.now());
    technicians.set(technician, given);
    assigned.add(
        new Plan.Assigned(order(order).id(), given.id(), BEST_SCORE - lost(price), late(price)));
    open.stream()
        .filter(other -> prices[other][technician] != NEVER)
        .forEach(other -> prices[other][technician] = price(other, given));
  }

  Plan.Cost cost() {
    long weight = open.stream().mapToLong(this::weight).sum();
    long late = assigned.stream().mapToLong(Plan.Assigned::lateMinutes).sum();
    long lost = assigned.stream().mapToLong(each -> BEST_SCORE - each.score()).sum();
    return new Plan.Cost(weight, late, lost);
  }

  Plan plan(Plan.Method method) {
    return new Plan(method, cost(), assigned, open.stream().mapToObj(this::unassigned).toList());
  }

  private Plan.Unassigned unassigned(int order) {
    return new Plan.Unassigned(
        order(order).id(),
        Ranking.countByRule(
            IntStream.range(0, technicians.size())
                .mapToObj(technician -> evaluate(order, technician))
                .toList()));
  }
}
