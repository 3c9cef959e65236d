package com.telconova.local.report.page;

import java.util.ArrayList;
import java.util.List;

/// Round numbers beside a chart.
final class Scale {
  private static final long SECOND = 1_000_000_000L;
  private static final long[] STEPS = {
    SECOND / 1000,
    SECOND / 500,
    SECOND / 200,
    SECOND / 100,
    SECOND / 50,
    SECOND / 20,
    SECOND / 10,
    SECOND / 5,
    SECOND / 2,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    120 * SECOND,
    300 * SECOND,
    600 * SECOND,
    900 * SECOND,
    1_800 * SECOND,
    3_600 * SECOND,
    7_200 * SECOND,
    14_400 * SECOND,
    43_200 * SECOND,
    86_400 * SECOND
  };

  private Scale() {}

  /// The next round number: 1, 2, 2.5 or 5 times a power of ten; of bytes a power of two, or one
  /// and a half. Above 0.
  static double roundUp(double value, boolean binary) {
    if (!(value > 0)) {
      return 1;
    }
    if (binary) {
      double power = Math.pow(2, Math.floor(Math.log(value) / Math.log(2)));
      for (double factor : new double[] {1, 1.5, 2}) {
        if (value <= power * factor) {
          return power * factor;
        }
      }
      return power * 2;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      if (value <= power * factor * 1.000001) {
        return power * factor;
      }
    }
    return power * 10;
  }

  /// Round moments between two, `most` at most.
  static List<Long> moments(long from, long to, int most) {
    long step = STEPS[STEPS.length - 1];
    for (long each : STEPS) {
      if ((to - from) / each < most) {
        step = each;
        break;
      }
    }
    while ((to - from) / step >= most) {
      step *= 2;
    }
    var moments = new ArrayList<Long>();
    for (long at = Math.ceilDiv(from, step) * step; at <= to; at += step) {
      moments.add(at);
    }
    return moments;
  }
}
