package com.telconova.local.bench;

import java.util.Arrays;
import java.util.List;

/// Figures of the same thing, smallest first.
///
/// @param sorted copied and sorted
record Series(double[] sorted) {
  Series {
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  static Series of(List<Double> values) {
    return new Series(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  int size() {
    return sorted.length;
  }

  /// The one in the middle, or what is halfway between the two there; NaN of none.
  double median() {
    int n = sorted.length;
    if (n == 0) {
      return Double.NaN;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  /// The smallest that so many of a hundred do not exceed (nearest rank); NaN of none.
  double percentile(double percent) {
    int n = sorted.length;
    return n == 0
        ? Double.NaN
        : sorted[Math.clamp((int) Math.ceil(percent / 100 * n) - 1, 0, n - 1)];
  }

  /// The smallest and the largest.
  String spread() {
    return sorted.length == 0
        ? "-"
        : Budget.number(sorted[0]) + " to " + Budget.number(sorted[sorted.length - 1]);
  }
}
