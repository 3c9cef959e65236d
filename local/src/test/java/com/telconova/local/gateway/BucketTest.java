package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BucketTest {

  // Near the end of what a long holds: such a clock may start anywhere.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

  @Test
  void so_many_come_at_once_and_then_as_many_a_second_as_it_says() {
    var bucket = new Bucket(10, 5, nanos::get);

    assertThat(taken(bucket, 20)).isEqualTo(5);
    pass(Duration.ofMillis(99));
    assertThat(taken(bucket, 20)).isZero();
    pass(Duration.ofMillis(1));
    assertThat(taken(bucket, 20)).isEqualTo(1);
    pass(Duration.ofMillis(300));
    assertThat(taken(bucket, 20)).isEqualTo(3);
  }

  @Test
  void what_nobody_took_is_kept_up_to_the_burst() {
    var bucket = new Bucket(10, 5, nanos::get);

    pass(Duration.ofDays(1));

    assertThat(taken(bucket, 20)).isEqualTo(5);
  }

  @Test
  void who_is_refused_hears_how_long_and_has_taken_nothing() {
    var bucket = new Bucket(2, 1, nanos::get);
    assertThat(bucket.take()).isZero();

    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(500).toNanos());
    pass(Duration.ofMillis(400));
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100).toNanos());
    pass(Duration.ofMillis(100));
    assertThat(bucket.take()).isZero();
  }

  @Test
  void many_at_the_same_moment_get_no_more_than_there_is() throws Exception {
    var bucket = new Bucket(1, 1_000, nanos::get);
    var all = new AtomicInteger();
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        threads.submit(() -> {
          start.await();
          return all.addAndGet(taken(bucket, 1_000));
        });
      }
      start.countDown();
    }

    assertThat(all.get()).isEqualTo(1_000);
  }

  private static int taken(Bucket bucket, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += bucket.take() == 0 ? 1 : 0;
    }
    return taken;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
