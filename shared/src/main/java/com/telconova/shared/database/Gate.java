package com.telconova.shared.database;

import com.telconova.shared.problem.Failure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets so many work at once and so many wait so long; the rest is turned away at once.
///
/// Virtual threads have no limit of their own: without a gate, a flood would queue without end in
/// front of the pool.
public final class Gate {
  private final Semaphore running;
  private final int maxWaiting;
  private final Duration maxWait;
  private final AtomicInteger waiting = new AtomicInteger();

  Gate(int running, int maxWaiting, Duration maxWait) {
    this.running = new Semaphore(running, true);
    this.maxWaiting = maxWaiting;
    this.maxWait = maxWait;
  }

  /// Takes a place; to be given back with [#leave].
  ///
  /// @throws Failure.Unavailable when too many wait already, or none came free in time
  void enter() {
    if (takeAtOnce()) {
      return;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      throw overloaded();
    }
    try {
      if (!running.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw overloaded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /// Not before those who wait already: the plain `tryAcquire` would overtake them.
  private boolean takeAtOnce() {
    try {
      return running.tryAcquire(0, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded();
    }
  }

  void leave() {
    running.release();
  }

  /// How many wait at this moment.
  int waiting() {
    return waiting.get();
  }

  private static Failure.Unavailable overloaded() {
    return new Failure.Unavailable(
        "Too much work at the moment; try again shortly.", Duration.ofSeconds(1));
  }
}
