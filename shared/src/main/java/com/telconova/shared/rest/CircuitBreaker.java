package com.telconova.shared.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Stops asking a peer that keeps failing: after some failures in a row it is left alone for a
/// while, then a single call tries again. Thread-safe.
final class CircuitBreaker {
  private static final int MAX_FAILURES = 5;

  /// How long a failing peer is left alone.
  static final Duration OPEN = Duration.ofSeconds(5);

  private final Clock clock;
  private int failures;
  private Instant retryAt = Instant.MIN;

  CircuitBreaker(Clock clock) {
    this.clock = clock;
  }

  /// Whether a call may be made now; its outcome must be told with [#succeeded] or [#failed].
  synchronized boolean admits() {
    if (failures < MAX_FAILURES) {
      return true;
    }
    Instant now = clock.instant();
    if (now.isBefore(retryAt)) {
      return false;
    }
    retryAt = now.plus(OPEN); // this call is the one that tries; others wait for its outcome
    return true;
  }

  synchronized void succeeded() {
    failures = 0;
  }

  synchronized void failed() {
    failures++;
    retryAt = clock.instant().plus(OPEN);
  }
}
