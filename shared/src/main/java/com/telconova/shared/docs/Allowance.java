package com.telconova.shared.docs;

import java.util.function.LongSupplier;

/// So many at once, and then so many a second. Thread-safe.
final class Allowance {
  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;
  private final int burst;
  private final int perSecond;
  private double left;
  private long seen;

  Allowance(LongSupplier nanoTime, int burst, int perSecond) {
    this.nanoTime = nanoTime;
    this.burst = burst;
    this.perSecond = perSecond;
    this.left = burst;
    this.seen = nanoTime.getAsLong();
  }

  /// Takes one, if there is one.
  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    left = Math.min(burst, left + (now - seen) / NANOS * perSecond);
    seen = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
