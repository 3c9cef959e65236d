package com.telconova.local.report.figures;

import java.util.Map;
import java.util.TreeMap;

/// What a process said of itself at one moment.
///
/// @param at in nanoseconds since 1970
/// @param groups what its threads of each name cost; empty when it did not say
public record Sample(long at, Values values, Map<String, ThreadGroup> groups) {

  static Sample of(long at, Values values) {
    return new Sample(at, values, new TreeMap<>());
  }

  /// -1 when it is not known.
  public long of(Counter counter) {
    return values.of(counter);
  }

  /// User and system time together, in nanoseconds; -1 when it is not known.
  public long cpu() {
    long user = of(Counter.USER_TIME);
    long system = of(Counter.SYSTEM_TIME);
    return user < 0 || system < 0 ? -1 : user + system;
  }

  /// One number for each counter.
  static final class Values {
    private final long[] numbers = new long[Counter.values().length];

    long of(Counter counter) {
      return numbers[counter.ordinal()];
    }

    Values set(Counter counter, long number) {
      numbers[counter.ordinal()] = number;
      return this;
    }
  }
}
