package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.dispatch.Matching.Pair;
import com.telconova.workorder.dispatch.Plan.Method;
import java.util.Optional;

/// Plans who does which order. Pure: the same task gives the same plan. It is bounded by how much
/// work the optimum would be, not by the clock, for a clock would give another plan each time.
public final class Dispatcher {
  /// Half a second or so; see [Matching#work]. 500 orders that each of 200 technicians could do are
  /// 17 million.
  private static final long MAX_WORK = 25_000_000;

  private Dispatcher() {}

  /// The best plan of all where there are few orders; else the best found, which is never worse
  /// than one order after the other.
  public static Plan plan(Task task) {
    Draft empty = new Draft(task);
    Draft greedy = greedy(empty.copy());
    Optional<Draft> rounds = rounds(empty.copy());
    Draft best = rounds.filter(draft -> draft.cost().compareTo(greedy.cost()) < 0).orElse(greedy);

    Optional<Draft> optimum = Optimum.of(empty);
    if (optimum.isPresent()) {
      // Of plans that cost the same, this is the fairer one: it breaks ties as the engine does.
      boolean known = best.cost().compareTo(optimum.get().cost()) <= 0;
      return (known ? best : optimum.get()).plan(Method.OPTIMAL);
    }
    return best.plan(
        rounds.isEmpty()
            ? Method.GREEDY_TOO_LARGE
            : best == greedy ? Method.GREEDY : Method.OPTIMAL_ROUNDS);
  }

  /// One order after the other, the most urgent first, each to who arrives least late, then who
  /// scores more; ties as the engine breaks them.
  static Draft greedy(Draft draft) {
    for (int order : draft.open()) {
      int best = -1;
      for (int technician = 0; technician < draft.technicians(); technician++) {
        int price = draft.price(order, technician);
        boolean better =
            price < Draft.NOT_NOW
                && (best < 0
                    || price < draft.price(order, best)
                    || price == draft.price(order, best)
                        && beats(draft.evaluate(order, technician), draft.evaluate(order, best)));
        best = better ? technician : best;
      }
      if (best >= 0) {
        draft.give(order, best);
      }
    }
    return draft;
  }

  private static boolean beats(Candidate candidate, Candidate other) {
    return Candidate.BEST_FIRST.compare(candidate, other) < 0;
  }

  /// Everybody's next order at minimal cost, then everybody's next but one, until nothing more can
  /// be given.
  ///
  /// @return empty when that would take too long
  static Optional<Draft> rounds(Draft draft) {
    long work = 0;
    while (true) {
      Matching matching = Matching.of(draft);
      if (matching.isEmpty()) {
        return Optional.of(draft);
      }
      work += matching.work();
      if (work > MAX_WORK) {
        return Optional.empty();
      }
      for (Pair pair : matching.best()) {
        draft.give(pair.order(), pair.technician());
      }
    }
  }
}
