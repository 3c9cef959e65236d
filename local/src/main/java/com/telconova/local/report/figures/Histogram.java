package com.telconova.local.report.figures;

import java.util.Arrays;

/// Durations, counted in classes that grow with them: 32 to each doubling, so that a quantile is
/// within 1.6 % of what was recorded. Count, sum and maximum are exact. At most 15 KB, however many
/// there are.
public final class Histogram {
  private static final int BITS = 5;
  private static final int CLASSES = 1 << BITS;

  private long[] counts = new long[0];
  private long count;
  private long sum;
  private long max;

  /// @param nanos what is below 0 counts as 0
  public void add(long nanos) {
    long value = Math.max(0, nanos);
    int index = index(value);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, (index / CLASSES + 1) * CLASSES);
    }
    counts[index]++;
    count++;
    sum += value;
    max = Math.max(max, value);
  }

  public long count() {
    return count;
  }

  public long sum() {
    return sum;
  }

  public long max() {
    return max;
  }

  /// The duration that this share of all is not longer than.
  ///
  /// @param share above 0, up to 1
  /// @return 0 when there are none
  public long quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    if (wanted >= count) {
      return max;
    }
    long seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= wanted) {
        return Math.min(max, middle(index));
      }
    }
    return max;
  }

  private static int index(long value) {
    if (value < CLASSES) {
      return (int) value;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(value);
    int within = (int) (value >>> (exponent - BITS)) & (CLASSES - 1);
    return (exponent - BITS + 1) * CLASSES + within;
  }

  private static long middle(int index) {
    if (index < CLASSES) {
      return index;
    }
    int shift = index / CLASSES - 1;
    long from = (long) (CLASSES + index % CLASSES) << shift;
    return from + (1L << shift) / 2;
  }
}
