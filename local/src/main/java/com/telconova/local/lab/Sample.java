package com.telconova.local.lab;

import java.util.Arrays;
import java.util.Collection;

/// Repeated measurements of the same thing; at least one.
record Sample(double[] sorted) {
  Sample {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  static Sample of(double... values) {
    return new Sample(values);
  }

  static Sample of(Collection<? extends Number> values) {
    return new Sample(values.stream().mapToDouble(Number::doubleValue).toArray());
  }

  int size() {
    return sorted.length;
  }

  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// The smallest value that so much of the others does not exceed (nearest rank).
  ///
  /// @param part from 0 to 1: 0.99 for p99
  double quantile(double part) {
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  double least() {
    return sorted[0];
  }

  double most() {
    return sorted[sorted.length - 1];
  }

  /// The median with its unit.
  Quantity median(Quantity.Unit unit) {
    return new Quantity(median(), unit);
  }

  /// From the least to the most, as one cell of a table.
  Range spread(Quantity.Unit unit) {
    return new Range(least(), most(), unit, size());
  }
}
