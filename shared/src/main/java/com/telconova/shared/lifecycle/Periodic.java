package com.telconova.shared.lifecycle;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a task again and again on a virtual thread of its own, a pause between two runs. A run that
/// fails is logged and the next one comes all the same. Thread-safe.
public final class Periodic implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Periodic.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final String name;
  private final Duration pause;
  private final Runnable task;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;

  private Periodic(String name, Duration pause, Runnable task) {
    this.name = name;
    this.pause = pause;
    this.task = task;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /// Starts; the first run comes after the first pause.
  ///
  /// @param name of the thread, and in the log
  public static Periodic start(String name, Duration pause, Runnable task) {
    Periodic periodic = new Periodic(name, pause, task);
    periodic.thread.start();
    return periodic;
  }

  /// Lets the next run come at once.
  public void wake() {
    wakeUps.release();
  }

  /// Waits for the run under way, a few seconds at most, and has no further one.
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      if (!thread.join(STOP_LIMIT)) {
        log.warn("{} did not end within {}", name, STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      try {
        if (wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wakeUps.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
      if (!stopping) {
        runOrLog();
      }
    }
  }

  private void runOrLog() {
    try {
      task.run();
    } catch (RuntimeException | Error e) { // the next run comes all the same
      log.warn("{} failed; it will be tried again in {}: {}", name, pause, CannotStart.reason(e));
      log.debug("Because of", e);
    }
  }
}
