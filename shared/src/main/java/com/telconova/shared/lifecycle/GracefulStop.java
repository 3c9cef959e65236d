package com.telconova.shared.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order in which a process stops, so that nothing in flight is lost: not ready → take no new
/// messages → serve until the load balancer has noticed → drain requests and messages together →
/// close everything, last opened first. Every wait is bounded. A second stop does nothing.
public final class GracefulStop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GracefulStop.class);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(15);
  private static final Duration DRAIN_MARGIN = Duration.ofSeconds(2);

  private final Readiness readiness;
  private final Duration linger;
  private final List<Drainable> drainables;
  private final Closer closer;
  private final AtomicBoolean closed = new AtomicBoolean();

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
    if (closed.getAndSet(true)) {
      return;
    }
    log.info("Stopping: finishing what is in flight");
    readiness.stopping();
    drainables.forEach(Drainable::quiesce);
    try {
      TimeUnit.NANOSECONDS.sleep(linger.toNanos());
      drainTogether();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closer.close();
    log.info("Stopped");
  }

  private void drainTogether() throws InterruptedException {
    List<Thread> drains =
        drainables.stream()
            .map(drainable ->
                Thread.ofVirtual()
                    .name("drain-" + drainable.getClass().getSimpleName())
                    .start(() -> drainOrLog(drainable)))
            .toList();
    long deadline = System.nanoTime() + DRAIN_LIMIT.plus(DRAIN_MARGIN).toNanos();
    for (Thread drain : drains) {
      if (!drain.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        log.warn("{} goes beyond its limit and is left alone", drain.getName());
      }
    }
  }

  private static void drainOrLog(Drainable drainable) {
    try {
      drainable.drain(DRAIN_LIMIT);
    } catch (RuntimeException | Error e) {
      log.warn("Could not drain {}", drainable.getClass().getSimpleName(), e);
    }
  }
}
