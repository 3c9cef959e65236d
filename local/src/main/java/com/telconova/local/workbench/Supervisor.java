package com.telconova.local.workbench;

import com.telconova.local.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Starts a service again when it dies, as ECS would: at once, then after pauses that double while
/// it keeps dying.
public final class Supervisor implements AutoCloseable {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  private final Terminal terminal;
  private final Runnable onRestart;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Begins to watch.
  ///
  /// @param onRestart is told when a service has another pid
  public Supervisor(List<Service> services, Terminal terminal, Runnable onRestart) {
    this.terminal = terminal;
    this.onRestart = onRestart;
    for (var service : services) {
      Thread.ofVirtual().name("supervise-" + service.label()).start(() -> supervise(service));
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void supervise(Service service) {
    try {
      var pause = Duration.ZERO;
      while (true) {
        long started = System.nanoTime();
        int code = service.awaitEnd();
        if (closed.getCount() == 0) {
          return;
        }
        var lived = Duration.ofNanos(System.nanoTime() - started);
        pause = lived.compareTo(HEALTHY) > 0 ? Duration.ZERO : longer(pause);
        terminal.warning(
            "%s (pid %d) ended with exit code %d; started again %s"
                .formatted(
                    service.label(),
                    service.pid(),
                    code,
                    pause.isZero() ? "at once" : "in " + pause.toSeconds() + " s"));
        service.lastWords().stream()
            .skip(Math.max(0, service.lastWords().size() - 2))
            .forEach(line -> terminal.quiet("      " + line));
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS) || !service.restart()) {
          return;
        }
        onRestart.run();
        awaitReady(service);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(Service service) {
    try {
      service.awaitReady();
      terminal.done("%s is back (pid %d)".formatted(service.label(), service.pid()));
    } catch (StartFailed endedAgain) {
      // The loop tells.
    }
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
