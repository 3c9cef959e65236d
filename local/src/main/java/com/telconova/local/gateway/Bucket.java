package com.telconova.local.gateway;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A token bucket: `burst` requests at once, and `rate` a second from then on. It is kept as the
/// one moment until which it is spent (the generic cell rate algorithm), so that a request costs a
/// comparison and nobody waits for a lock. Thread-safe.
final class Bucket {

  private final long tokenNanos;
  private final long depthNanos;
  private final LongSupplier nanos;
  private final AtomicLong spentUntil;

  /// @param rate requests a second, 1 or more
  /// @param burst requests at once, 1 or more
  /// @param nanos a clock that only grows
  Bucket(int rate, int burst, LongSupplier nanos) {
    this.tokenNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    this.depthNanos = tokenNanos * burst;
    this.nanos = nanos;
    this.spentUntil = new AtomicLong(nanos.getAsLong());
  }

  /// Takes a token.
  ///
  /// @return 0 when there was one, else the nanoseconds until there is; then nothing was taken
  long take() {
    long now = nanos.getAsLong();
    while (true) {
      long before = spentUntil.get();
      long after = (before - now > 0 ? before : now) + tokenNanos;
      long missing = after - now - depthNanos;
      if (missing > 0) {
        return missing;
      }
      if (spentUntil.compareAndSet(before, after)) {
        return 0;
      }
    }
  }
}
