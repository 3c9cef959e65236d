package com.telconova.shared.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

  @Test
  void what_was_opened_last_is_closed_first_and_only_once() {
    Closer closer = new Closer();
    for (String name : List.of("pool", "client", "server")) {
      closer.add(() -> log.add(name));
    }

    closer.close();
    closer.close();

    assertThat(log).containsExactly("server", "client", "pool");
  }

  @Test
  void a_fault_in_closing_one_does_not_keep_the_others_open() {
    Closer closer = new Closer();
    closer.add(() -> log.add("first"));
    closer.add(() -> {
      throw new IllegalStateException("a test's own");
    });
    closer.add(() -> {
      throw new StackOverflowError("a test's own");
    });
    closer.add(() -> {
      throw new java.io.IOException("a test's own");
    });

    assertThatCode(closer::close).doesNotThrowAnyException();

    assertThat(log).containsExactly("first");
  }

  @Test
  void a_stop_goes_in_order_and_drains_everything_at_the_same_time() {
    Readiness readiness = new Readiness();
    readiness.ready();
    Closer closer = new Closer();
    closer.add(() -> log.add("closed"));
    CyclicBarrier together = new CyclicBarrier(2);
    GracefulStop stop =
        new GracefulStop(
            readiness,
            Duration.ofMillis(100),
            List.of(
                drainable("consumer", readiness, together),
                drainable("server", readiness, together)),
            closer);

    stop.close();

    assertThat(log)
        .containsExactly(
            "consumer quiesces when stopping",
            "server quiesces when stopping",
            "drained",
            "drained",
            "closed");
  }

  private Drainable drainable(String name, Readiness readiness, CyclicBarrier together) {
    return new Drainable() {
      @Override
      public void quiesce() {
        log.add(name + " quiesces when " + readiness.faults().get("process"));
      }

      @Override
      public void drain(Duration limit) {
        try {
          together.await(5, TimeUnit.SECONDS);
          log.add("drained");
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  @Test
  void a_drain_that_fails_does_not_keep_the_rest_from_closing_and_a_second_stop_does_nothing() {
    Readiness readiness = new Readiness();
    Closer closer = new Closer();
    closer.add(() -> log.add("closed"));
    Drainable broken =
        new Drainable() {
          @Override
          public void quiesce() {
            log.add("quiesced");
          }

          @Override
          public void drain(Duration limit) {
            throw new StackOverflowError("a test's own");
          }
        };
    GracefulStop stop = new GracefulStop(readiness, Duration.ZERO, List.of(broken), closer);

    stop.close();
    stop.close();

    assertThat(log).containsExactly("quiesced", "closed");
  }

  @Test
  void a_process_is_ready_when_it_was_said_so_and_every_check_passes() {
    Readiness readiness = new Readiness();
    AtomicInteger broken = new AtomicInteger();
    readiness.require(
        "database", () -> broken.get() == 1 ? Optional.of("does not answer") : Optional.empty());
    readiness.require(
        "queue",
        () -> {
          if (broken.get() == 2) {
            throw new IllegalStateException("secret");
          }
          return Optional.empty();
        });

    assertThat(readiness.faults()).isEqualTo(Map.of("process", "starting"));
    readiness.ready();
    assertThat(readiness.faults()).isEmpty();
    broken.set(1);
    assertThat(readiness.faults()).isEqualTo(Map.of("database", "does not answer"));
    broken.set(2);
    assertThat(readiness.faults()).containsOnlyKeys("queue");
    assertThat(readiness.faults().toString()).doesNotContain("secret");
    readiness.stopping();
    assertThat(readiness.faults()).isEqualTo(Map.of("process", "stopping"));
  }

  @Test
  void a_periodic_task_runs_again_whatever_happened_and_at_once_when_woken() {
    AtomicInteger runs = new AtomicInteger();
    try (Periodic periodic =
        Periodic.start(
            "test",
            Duration.ofMillis(20),
            () -> {
              switch (runs.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("a test's own");
                case 2 -> throw new StackOverflowError("a test's own");
                default -> {}
              }
            })) {
      await().untilAsserted(() -> assertThat(runs).hasValueGreaterThan(3));
      periodic.wake();
    }
    int ended = runs.get();
    await().during(Duration.ofMillis(100)).untilAsserted(() -> assertThat(runs).hasValue(ended));
  }

  @Test
  void waking_does_not_wait_for_the_pause_and_closing_waits_for_the_run_under_way()
      throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    Periodic periodic =
        Periodic.start(
            "test",
            Duration.ofHours(1),
            () -> {
              running.countDown();
              pause(200);
              log.add("finished");
            });

    periodic.wake();
    assertThat(running.await(2, TimeUnit.SECONDS)).isTrue();
    periodic.close();

    assertThat(log).containsExactly("finished");
  }

  @Test
  void the_reason_is_the_innermost_causes_first_line_or_its_name() {
    Throwable nested =
        new IllegalStateException("outer", new IllegalStateException("first line\nsecond line"));

    assertThat(CannotStart.reason(nested)).isEqualTo("first line");
    assertThat(CannotStart.reason(new StackOverflowError())).isEqualTo("StackOverflowError");
    assertThat(CannotStart.reason(new IllegalStateException(" \n")))
        .isEqualTo("IllegalStateException");
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
