package com.telconova.local.report;

import com.telconova.local.report.figures.Histogram;
import com.telconova.local.report.page.Units;

/// Durations in a cell. Quantiles are within 1.6 %, the longest is exact.
final class Durations {
  private static final String NONE = "–";

  private Durations() {}

  /// A dash when there are none.
  static String quantile(Histogram histogram, double share) {
    return histogram.count() == 0 ? NONE : Units.nanos(histogram.quantile(share));
  }

  /// A dash when there are none.
  static String longest(Histogram histogram) {
    return histogram.count() == 0 ? NONE : Units.nanos(histogram.max());
  }
}
