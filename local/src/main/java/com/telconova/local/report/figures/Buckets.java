package com.telconova.local.report.figures;

/// A number for each part of an axis: what was added up in it, and how often.
public final class Buckets {
  private final Axis axis;
  private final double[] sums = new double[Axis.PARTS];
  private final long[] counts = new long[Axis.PARTS];

  Buckets(Axis axis) {
    this.axis = axis;
  }

  void add(long at, double value) {
    int part = axis.part(at);
    sums[part] += value;
    counts[part]++;
  }

  public Axis axis() {
    return axis;
  }

  public double sum(int part) {
    return sums[part];
  }

  /// NaN when nothing was added.
  public double mean(int part) {
    return counts[part] == 0 ? Double.NaN : sums[part] / counts[part];
  }

  public boolean isEmpty() {
    for (long count : counts) {
      if (count > 0) {
        return false;
      }
    }
    return true;
  }
}
