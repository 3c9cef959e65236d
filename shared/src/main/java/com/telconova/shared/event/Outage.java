package com.telconova.shared.event;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before the next try while nothing gets through: 1 s, twice as long each time,
/// 10 s at most, less up to half at random, so that many who wait do not come back together. For
/// one thread.
final class Outage {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Duration pause = Duration.ZERO;

  boolean isOn() {
    return !pause.isZero();
  }

  /// Nothing got through.
  void failed() {
    Duration next = isOn() ? pause.multipliedBy(2) : FIRST;
    pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
  }

  void over() {
    pause = Duration.ZERO;
  }

  /// How long to wait now; zero when there is no outage.
  Duration pause() {
    long nanos = pause.toNanos();
    return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }
}
