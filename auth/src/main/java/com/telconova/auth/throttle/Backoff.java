package com.telconova.auth.throttle;

import java.time.Duration;

/// How failures are answered: the first few cost nothing, from then on each doubles the wait.
///
/// @param free how many cost nothing
/// @param first the wait after those
/// @param longest the wait that is not doubled any more
/// @param remembered how long after the last attempt all are forgotten; far longer than the longest
///   wait, or waiting a little would begin the free ones anew
record Backoff(int free, Duration first, Duration longest, Duration remembered) {
  static final Backoff USUAL =
      new Backoff(5, Duration.ofSeconds(1), Duration.ofMinutes(15), Duration.ofDays(1));
}
