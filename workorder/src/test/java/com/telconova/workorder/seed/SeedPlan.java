package com.telconova.workorder.seed;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How much is made up.
///
/// @param orders 1 to 10,000,000
/// @param technicians 20 to 2,000, which is as many as the engine looks at
/// @param months over how long ago the orders were opened, evenly; 1 to 120
/// @param now the moment at which all of this is looked at; kept to the millisecond
public record SeedPlan(int orders, int technicians, int months, Instant now) {
  private static final int DAYS_OF_MONTH = 30;

  public SeedPlan {
    within("--orders", orders, 1, 10_000_000);
    within("--technicians", technicians, 20, 2_000);
    within("--months", months, 1, 120);
    now = now.truncatedTo(ChronoUnit.MILLIS);
  }

  /// When the oldest order was opened.
  public Instant from() {
    return now.minus(days(), ChronoUnit.DAYS);
  }

  int days() {
    return months * DAYS_OF_MONTH;
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be %,d to %,d, not %,d.".formatted(name, min, max, value));
    }
  }
}
