package com.telconova.local.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// Tells, once a second from the first on, how many seconds it has existed, until it is closed.
final class Ticker implements AutoCloseable {

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  Ticker(LongConsumer eachSecond) {
    thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (long second = 1; !closed.await(1, TimeUnit.SECONDS); second++) {
                  eachSecond.accept(second);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
