package com.telconova.workorder.sla;

import java.time.Duration;
import java.time.Instant;

/// The time that counts. Implementations are pure and thread-safe.
public sealed interface WorkingTime permits BusinessCalendar, WorkingTime.AroundTheClock {
  /// The first moment at which this much counting time has passed since `from`.
  ///
  /// @param time not negative
  Instant add(Instant from, Duration time);

  /// How much counting time lies between two moments.
  ///
  /// @return zero when `to` is before `from`: clocks of two machines may differ a little
  Duration between(Instant from, Instant to);

  /// 24×7: all time counts.
  record AroundTheClock() implements WorkingTime {
    @Override
    public Instant add(Instant from, Duration time) {
      return from.plus(time);
    }

    @Override
    public Duration between(Instant from, Instant to) {
      return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
    }
  }
}
