package com.telconova.shared.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.problem.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GateTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void so_many_run_so_many_wait_and_the_rest_is_turned_away_at_once() {
    Gate gate = new Gate("test", 2, 1, LONG);
    gate.enter();
    gate.enter();
    CompletableFuture<Void> waits = CompletableFuture.runAsync(gate::enter);
    await().untilAsserted(() -> assertThat(gate.waiting()).isEqualTo(1));

    long start = System.nanoTime();
    assertThatThrownBy(gate::enter)
        .isInstanceOfSatisfying(
            Failure.Unavailable.class, failure -> assertThat(failure.retryAfter()).isPositive());

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
    gate.leave();
    waits.join();
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void whoever_is_turned_away_is_counted_once_wherever_that_was() {
    Gate gate = new Gate("test", 1, 1, Duration.ofMillis(20));
    assertThat(gate.promise()).isPresent();
    assertThat(gate.promise()).isPresent();
    assertThat(gate.refused()).isZero();

    assertThat(gate.promise()).isEmpty();
    gate.enter();
    assertThatThrownBy(gate::enter).isInstanceOf(Failure.Unavailable.class);

    assertThat(gate.refused()).isEqualTo(2);
  }

  @Test
  void who_waited_too_long_is_turned_away_and_takes_no_place() {
    Gate gate = new Gate("test", 1, 10, Duration.ofMillis(20));
    gate.enter();

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(gate::enter).isInstanceOf(Failure.Unavailable.class);
    }

    assertThat(gate.waiting()).isZero();
    gate.leave();
    gate.enter();
  }

  @Test
  void who_is_interrupted_takes_no_place() {
    Gate gate = new Gate("test", 1, 10, LONG);
    gate.enter();
    AtomicInteger turnedAway = new AtomicInteger();
    Thread waiter =
        Thread.startVirtualThread(() -> {
          try {
            gate.enter();
          } catch (Failure.Unavailable e) {
            turnedAway.set(Thread.currentThread().isInterrupted() ? 1 : 2);
          }
        });
    await().untilAsserted(() -> assertThat(gate.waiting()).isEqualTo(1));

    waiter.interrupt();

    await().untilAsserted(() -> assertThat(turnedAway).hasValue(1));
    assertThat(gate.waiting()).isZero();
    gate.leave();
    gate.enter();
  }

  @Test
  void nobody_overtakes_those_who_wait() throws InterruptedException {
    Gate gate = new Gate("test", 1, 10, LONG);
    gate.enter();
    CountDownLatch inside = new CountDownLatch(1);
    Thread first =
        Thread.startVirtualThread(() -> {
          gate.enter();
          inside.countDown();
        });
    await().untilAsserted(() -> assertThat(gate.waiting()).isEqualTo(1));

    gate.leave();
    CompletableFuture<Void> second = CompletableFuture.runAsync(gate::enter);

    inside.await();
    first.join();
    assertThat(second).isNotDone();
    gate.leave();
    second.join();
  }

  @Test
  void places_are_promised_to_as_many_as_there_are_until_they_enter_or_end() {
    Gate gate = new Gate("test", 1, 2, LONG);
    List<Executor> promised =
        Stream.generate(gate::promise).limit(10).flatMap(Optional::stream).toList();

    assertThat(promised).hasSize(3); // one at work, two waiting

    promised.get(0).execute(gate::enter);
    assertThat(gate.promise()).isEmpty(); // the place is taken, not free again
    promised.get(1).execute(() -> {});
    assertThat(gate.promise()).isPresent();
    assertThat(gate.promise()).isEmpty();
    assertThatThrownBy(() ->
            promised
                .get(2)
                .execute(() -> {
                  throw new IllegalStateException();
                }))
        .isInstanceOf(IllegalStateException.class);
    gate.leave();
    assertThat(gate.promise()).isPresent();
    assertThat(gate.promise()).isPresent();
    assertThat(gate.promise()).isEmpty();
  }

  @Test
  void a_flood_of_thousands_leaves_nothing_behind() {
    Gate gate = new Gate("test", 3, 5, Duration.ofMillis(50));
    AtomicInteger served = new AtomicInteger();
    CompletableFuture<?>[] flood = new CompletableFuture<?>[5_000];
    for (int i = 0; i < flood.length; i++) {
      flood[i] = new CompletableFuture<>();
      CompletableFuture<?> done = flood[i];
      Thread.startVirtualThread(() -> {
        try {
          gate.enter();
          try {
            served.incrementAndGet();
          } finally {
            gate.leave();
          }
        } catch (Failure.Unavailable e) {
          // one of the many
        }
        done.complete(null);
      });
    }
    try {
      CompletableFuture.allOf(flood).join();
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }

    assertThat(served).hasPositiveValue();
    assertThat(gate.waiting()).isZero();
    for (int i = 0; i < 3; i++) {
      gate.enter();
    }
    assertThatThrownBy(gate::enter).isInstanceOf(Failure.Unavailable.class);
  }
}
