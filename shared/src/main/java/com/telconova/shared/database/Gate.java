package com.telconova.shared.database;

import com.telconova.shared.problem.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Lets so many work at once and so many wait so long; the rest is turned away at once.
///
/// Virtual threads have no limit of their own: without a gate, a flood would queue without end in
/// front of the pool.
public final class Gate {
  private final String lane;
  private final Semaphore running;
  private final int maxWaiting;
  private final Duration maxWait;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger promised = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final ScopedValue<Promise> current = ScopedValue.newInstance();

  /// @param lane what it is called in metrics and recordings
  Gate(String lane, int running, int maxWaiting, Duration maxWait) {
    this.lane = lane;
    this.running = new Semaphore(running, true);
    this.maxWaiting = maxWaiting;
    this.maxWait = maxWait;
  }

  String lane() {
    return lane;
  }

  /// Takes a place; to be given back with [#leave].
  ///
  /// @throws Failure.Unavailable when too many wait already, or none came free in time
  void enter() {
    if (current.isBound()) {
      current.get().end();
    }
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

  /// How many were turned away so far, here and by [#promise].
  long refused() {
    return refused.sum();
  }

  /// Promises a place to a request that is on its way here, as long as no more are on their way, at
  /// work and waiting than could have one. Counting those on their way keeps a flood from being let
  /// in while the first of it are still on theirs.
  ///
  /// @return what to run the request with, on any thread; empty when it would be turned away
  Optional<Executor> promise() {
    if (promised.incrementAndGet() + waiting.get() > maxWaiting + running.availablePermits()) {
      promised.decrementAndGet();
      refused.increment();
      return Optional.empty();
    }
    Promise promise = new Promise();
    return Optional.of(request ->
        ScopedValue.where(current, promise)
            .run(() -> {
              try {
                request.run();
              } finally {
                promise.end();
              }
            }));
  }

  /// Ends once: with the first entry of its request, or without any when that ends.
  private final class Promise {
    private final AtomicBoolean ended = new AtomicBoolean();

    void end() {
      if (ended.compareAndSet(false, true)) {
        promised.decrementAndGet();
      }
    }
  }

  private Failure.Unavailable overloaded() {
    refused.increment();
    return new Failure.Unavailable(
        "Too much work at the moment; try again shortly.", Duration.ofSeconds(1));
  }
}
