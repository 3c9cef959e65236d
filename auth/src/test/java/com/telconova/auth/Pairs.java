package com.telconova.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What something costs: the same measured with it and without, in turns, so that whatever changes
/// meanwhile changes both. As text, a difference is the median of the pairs and, in parentheses,
/// the second lowest to the second highest of them, which holds the true median of ten pairs 98
/// times of 100.
///
/// @param with as many as `without`, pair by pair
record Pairs<T>(List<T> with, List<T> without) {
  /// Measures so many pairs; which of the two is first changes from one to the next.
  static <T> Pairs<T> inTurns(int count, Callable<T> with, Callable<T> without) throws Exception {
    Pairs<T> pairs = new Pairs<>(new ArrayList<>(), new ArrayList<>());
    for (int pair = 0; pair < count; pair++) {
      if (pair % 2 == 0) {
        pairs.with.add(with.call());
        pairs.without.add(without.call());
      } else {
        pairs.without.add(without.call());
        pairs.with.add(with.call());
      }
    }
    return pairs;
  }

  int count() {
    return with.size();
  }

  /// How much more it is with it, in percent.
  String percent(ToDoubleFunction<T> what) {
    return compared(what, (on, off) -> (on / off - 1) * 100) + " %";
  }

  /// How much more it is with it.
  String more(ToDoubleFunction<T> what) {
    return compared(what, (on, off) -> on - off);
  }

  /// Each pair in a few words, in the order in which they were measured.
  String each(IntFunction<String> words) {
    return IntStream.range(0, count()).mapToObj(words).collect(Collectors.joining(", "));
  }

  private String compared(ToDoubleFunction<T> what, DoubleBinaryOperator difference) {
    double[] sorted =
        IntStream.range(0, count())
            .mapToDouble(i ->
                difference.applyAsDouble(
                    what.applyAsDouble(with.get(i)), what.applyAsDouble(without.get(i))))
            .sorted()
            .toArray();
    int last = sorted.length - 1;
    double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
    int edge = last > 1 ? 1 : 0;
    return "%+.1f (%+.1f to %+.1f)".formatted(median, sorted[edge], sorted[last - edge]);
  }
}
