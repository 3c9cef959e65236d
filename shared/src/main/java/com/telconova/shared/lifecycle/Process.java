package com.telconova.shared.lifecycle;

import com.telconova.shared.config.InvalidConfiguration;
import com.telconova.shared.os.Niceness;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the `main` of every service does: start, wait for SIGTERM, stop. It alone touches the
/// environment, the system clock and the exit code.
public final class Process {
  private static final Logger log = LoggerFactory.getLogger(Process.class);

  // A tenth of what a thread of ours gets while both want the processor.
  private static final int COMPILER_NICENESS = 10;

  /// Starts a service.
  public interface Start {
    /// @param environment the process's environment variables
    /// @param clock UTC, in microseconds, which is what PostgreSQL keeps
    /// @return what stops the service
    AutoCloseable start(Map<String, String> environment, Clock clock);
  }

  private Process() {}

  /// Runs until the process is told to end. Exits with 1, and one line that says what to do, when
  /// the service cannot start.
  public static void run(String name, Start start) {
    Early.begin(() -> {
      Niceness.ofOptimisingCompiler(COMPILER_NICENESS);
      return null;
    });
    try {
      Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
      AutoCloseable app = start.start(System.getenv(), clock);
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app, stopped), "stop"));
      log.info("{} is ready", name);
      stopped.await();
    } catch (InvalidConfiguration | CannotStart e) {
      log.error("{} cannot start. {}", name, e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // other threads would keep a half-started process alive
      log.error("{} cannot start", name, e);
      System.exit(1);
    }
  }

  private static void stop(AutoCloseable app, CountDownLatch stopped) {
    try {
      app.close();
    } catch (Exception e) {
      log.error("The stop was not clean", e);
    } finally {
      stopped.countDown();
    }
  }
}
