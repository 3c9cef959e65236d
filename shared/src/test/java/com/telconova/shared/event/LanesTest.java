package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LanesTest {
  private final Lanes lanes = new Lanes("lane-");

  @Test
  void tasks_of_one_key_run_one_after_another_in_their_order() throws InterruptedException {
    List<Integer> ran = new ArrayList<>(); // not thread-safe, and need not be
    CountDownLatch all = new CountDownLatch(1_000);
    for (int i = 0; i < 1_000; i++) {
      int n = i;
      lanes.submit(
          "one",
          () -> {
            ran.add(n);
            all.countDown();
          });
    }

    assertThat(all.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void tasks_of_other_keys_run_at_the_same_time() {
    CyclicBarrier together = new CyclicBarrier(3);
    AtomicInteger met = new AtomicInteger();
    for (int key = 0; key < 3; key++) {
      lanes.submit(
          key,
          () -> {
            try {
              together.await(5, TimeUnit.SECONDS);
              met.incrementAndGet();
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    }

    await().untilAsserted(() -> assertThat(met).hasValue(3));
  }

  @Test
  void a_task_that_throws_does_not_keep_its_followers_from_running() {
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      lanes.submit(
          "one",
          () -> {
            throw new IllegalStateException("a test's own");
          });
      lanes.submit(
          "one",
          () -> {
            throw new StackOverflowError("a test's own");
          });
      lanes.submit("one", ran::incrementAndGet);
    }

    await().untilAsserted(() -> assertThat(ran).hasValue(3));
    lanes.submit("one", ran::incrementAndGet);
    await().untilAsserted(() -> assertThat(ran).hasValue(4));
  }
}
