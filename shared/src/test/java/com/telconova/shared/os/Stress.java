package com.telconova.shared.os;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Threads that do something again and again until they are closed.
final class Stress implements AutoCloseable {
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  /// Platform threads of one name.
  static Stress platform(String name, int count, Runnable again) {
    return new Stress(Thread.ofPlatform().daemon().name(name + "-", 0), count, again);
  }

  static Stress virtual(int count, Runnable again) {
    return new Stress(Thread.ofVirtual(), count, again);
  }

  private Stress(Thread.Builder builder, int count, Runnable again) {
    for (int i = 0; i < count; i++) {
      threads.add(
          builder.start(() -> {
            while (!ended.get()) {
              again.run();
            }
          }));
    }
  }

  /// Uses the processor and does nothing with it.
  static void spin() {
    for (int i = 0; i < 10_000; i++) {
      Thread.onSpinWait();
    }
  }

  /// Goes on until something is so, for twenty seconds at most.
  static void until(BooleanSupplier reached) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("It did not move within twenty seconds");
      }
    }
  }

  @Override
  public void close() {
    ended.set(true);
    for (Thread thread : threads) {
      thread.interrupt();
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
