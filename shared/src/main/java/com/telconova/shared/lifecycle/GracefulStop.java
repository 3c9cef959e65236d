package com.telconova.shared.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order in which a process stops, so that nothing in flight is lost: not ready → take no new
/// messages → serve until the load balancer has noticed → drain requests and messages together →
/// close everything, last opened first.
public final class GracefulStop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GracefulStop.class);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(15);

  private final Readiness readiness;
  private final Duration linger;
  private final List<Drainable> drainables;
  private final Closer closer;

  /// @param linger how long requests are still served after readiness says no
  /// @param drainables whatever holds work in flight
  /// @param closer everything else, closed last
  public GracefulStop(
      Readiness readiness, Duration linger, List<Drainable> drainables, Closer closer) {
    this.readiness = readiness;
    this.linger = linger;
    this.drainables = List.copyOf(drainables);
    this.closer = closer;
  }

  @Override
  public void close() {
    log.info("Stopping: finishing what is in flight");
    readiness.stopping();
    drainables.forEach(Drainable::quiesce);
    try {
      TimeUnit.NANOSECONDS.sleep(linger.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      drainables.forEach(drainable -> together.submit(() -> drainOrLog(drainable)));
    }
    closer.close();
    log.info("Stopped");
  }

  private static void drainOrLog(Drainable drainable) {
    try {
      drainable.drain(DRAIN_LIMIT);
    } catch (RuntimeException e) {
      log.warn("Could not drain {}", drainable.getClass().getSimpleName(), e);
    }
  }
}
