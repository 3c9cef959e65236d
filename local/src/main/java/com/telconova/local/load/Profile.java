package com.telconova.local.load;

import java.time.Duration;

/// One run.
///
/// @param warmUp sent the same way before, not measured; zero for none
/// @param duration of what is measured, a second or more
public record Profile(Mix mix, Arrival arrival, Duration warmUp, Duration duration) {
  public Profile {
    if (warmUp.isNegative() || duration.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a run is measured for a second or more");
    }
  }
}
