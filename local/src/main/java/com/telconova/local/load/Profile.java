package com.telconova.local.load;

import java.time.Duration;

/// One run.
///
/// @param warmUp sent the same way before, not measured; zero for none
/// @param duration of what is measured, 100 ms or more
public record Profile(Mix mix, Arrival arrival, Duration warmUp, Duration duration) {
  private static final Duration SHORTEST = Duration.ofMillis(100);

  public Profile {
    if (warmUp.isNegative() || duration.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("a run is measured for 100 ms or more");
    }
  }
}
