package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.dispatch.Matching.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Plans who does which order. Pure: the same task gives the same plan. It is bounded by how much
/// work the optimum would be, not by the clock, for a clock would give another plan each time.
public final class Dispatcher {
  /// About three seconds; see [Matching#work].
  private static final long MAX_WORK = 40_000_000;

  /// Who arrives less late, then who scores more; ties as the engine breaks them.
  private static final Comparator<Candidate> LEAST_LATE =
      Comparator.comparingInt(Draft::late).thenComparing(Candidate.BEST_FIRST);

  private Dispatcher() {}

  /// The best plan found; never worse than one order after the other.
  public static Plan plan(Task task) {
    Map<UUID, List<UUID>> possible = Draft.possible(task);
    Draft greedy = greedy(task, possible);
    Optional<Draft> optimal = rounds(task, possible);
    if (optimal.isEmpty()) {
      return greedy.plan(Plan.Method.GREEDY_TOO_LARGE);
    }
    return optimal.get().cost().compareTo(greedy.cost()) <= 0
        ? optimal.get().plan(Plan.Method.OPTIMAL_ROUNDS)
        : greedy.plan(Plan.Method.GREEDY);
  }

  /// One order after the other, the most urgent first, each to who arrives least late.
  static Draft greedy(Task task, Map<UUID, List<UUID>> possible) {
    Draft draft = new Draft(task, possible);
    for (OrderFacts order : draft.open()) {
      draft.eligible(order).stream().min(LEAST_LATE).ifPresent(best -> draft.give(order, best));
    }
    return draft;
  }

  /// Everybody's next order at minimal cost, then everybody's next but one, until nothing more can
  /// be given.
  ///
  /// @return empty when that would take too long
  private static Optional<Draft> rounds(Task task, Map<UUID, List<UUID>> possible) {
    Draft draft = new Draft(task, possible);
    long work = 0;
    while (true) {
      List<Pair> pairs = pairs(draft);
      if (pairs.isEmpty()) {
        return Optional.of(draft);
      }
      work += Matching.work(pairs);
      if (work > MAX_WORK) {
        return Optional.empty();
      }
      Matching.best(pairs).forEach(pair -> draft.give(pair.order(), pair.candidate()));
    }
  }

  static List<Pair> pairs(Draft draft) {
    List<Pair> pairs = new ArrayList<>();
    for (OrderFacts order : draft.open()) {
      for (Candidate candidate : draft.eligible(order)) {
        pairs.add(new Pair(order, candidate));
      }
    }
    return pairs;
  }
}
