package com.telconova.local.report.figures;

/// The time that all recordings of a report cover together, in equal parts.
///
/// @param start in nanoseconds since 1970
/// @param end after the start
public record Axis(long start, long end) {
  /// How many parts it has.
  public static final int PARTS = 160;

  public Axis {
    if (end <= start) {
      throw new IllegalArgumentException(start + " to " + end);
    }
  }

  /// The part that a moment is in; the first or the last for what is outside.
  int part(long at) {
    long part = (long) ((double) (at - start) / (end - start) * PARTS);
    return Math.clamp(part, 0, PARTS - 1);
  }

  /// When a part begins.
  public long begin(int part) {
    return start + (long) ((double) (end - start) * part / PARTS);
  }

  /// How long a part is.
  public double partSeconds() {
    return (end - start) / 1e9 / PARTS;
  }

  public double seconds() {
    return (end - start) / 1e9;
  }
}
