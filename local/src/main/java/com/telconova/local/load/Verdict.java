package com.telconova.local.load;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Whether the sender, and not the system, was the limit of a run.
final class Verdict {

  private static final double FULL = 0.85;
  private static final double NEAR = 0.7;
  private static final Duration LATE = Duration.ofMillis(5);
  private static final int LATE_SHARE = 5;

  private Verdict() {}

  /// @param busy the share of time in which it was on a processor
  /// @param late how late it began with the latest hundredth of requests that were due
  /// @param latency that of the slowest hundredth, which has it in it
  /// @param perSecond what the system answered
  /// @param limit what the sender reached against nobody; 0 when that was not measured
  /// @return why; empty when it was not the limit
  static Optional<String> of(
      double busy, Duration late, Duration latency, double perSecond, double limit) {
    if (busy > FULL) {
      return Optional.of(say("its thread was on a processor %.0f %% of the time", 100 * busy));
    }
    if (limit > 0 && perSecond > NEAR * limit) {
      return Optional.of(
          say(
              "%.0f a second is %.0f %% of what it is able to",
              perSecond, 100 * perSecond / limit));
    }
    if (late.compareTo(LATE) > 0 && late.multipliedBy(LATE_SHARE).compareTo(latency) > 0) {
      return Optional.of(
          say(
              "it had no processor in time: 1 request of 100 left %.1f ms late or more",
              late.toNanos() / 1e6));
    }
    return Optional.empty();
  }

  private static String say(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
