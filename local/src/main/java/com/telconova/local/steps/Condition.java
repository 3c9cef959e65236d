package com.telconova.local.steps;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Something that comes true a moment later, because an event has to arrive first.
public final class Condition {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Condition() {}

  /// Looks again and again until what it sees is right, for twenty seconds.
  ///
  /// @param what is named when that does not happen
  /// @param describe what is seen instead, for the same message
  /// @throws StepFailed at the deadline
  public static <T> T await(
      String what, Supplier<T> look, Predicate<T> right, Function<T, ?> describe) {
    return await(what, DEADLINE, look, right, describe);
  }

  /// As the other, for so long.
  public static <T> T await(
      String what, Duration time, Supplier<T> look, Predicate<T> right, Function<T, ?> describe) {
    long deadline = System.nanoTime() + time.toNanos();
    while (true) {
      T seen = look.get();
      if (right.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new StepFailed(
            "waited %d s until %s, but: %s"
                .formatted(
                    time.toSeconds(),
                    what,
                    Optional.<Object>ofNullable(describe.apply(seen)).orElse("nothing")));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
