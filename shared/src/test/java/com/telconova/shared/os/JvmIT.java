package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class JvmIT {
  private static final int MEBIBYTE = 1 << 20;

  private final Metrics metrics = Metrics.ofThisProcess();

  @Test
  void memory_outside_the_heap_is_that_of_direct_buffers() {
    double bytes = direct("jvm_buffer_memory_used_bytes");
    double count = direct("jvm_buffer_count");

    ByteBuffer buffer = ByteBuffer.allocateDirect(5 * MEBIBYTE);

    assertThat(direct("jvm_buffer_memory_used_bytes") - bytes).isEqualTo(5 * MEBIBYTE);
    assertThat(direct("jvm_buffer_count") - count).isEqualTo(1);
    assertThat(buffer.capacity()).isEqualTo(5 * MEBIBYTE);
  }

  @Test
  void what_is_held_on_the_heap_stays_in_use_after_a_collection() {
    System.gc();
    double used = metrics.sum("jvm_memory_used_bytes", "jvm_memory_type", "heap");
    double after = metrics.sum("jvm_memory_used_after_last_gc_bytes");
    double collections = metrics.sum("jvm_gc_duration_seconds_count");
    double paused = metrics.sum("jvm_gc_duration_seconds_sum");
    double allocated = metrics.of("jvm_memory_allocated_bytes_total");

    byte[] held = new byte[64 * MEBIBYTE];

    assertThat(metrics.sum("jvm_memory_used_bytes", "jvm_memory_type", "heap") - used)
        .isGreaterThan(60 * MEBIBYTE);
    System.gc();
    assertThat(metrics.sum("jvm_memory_used_after_last_gc_bytes") - after)
        .isGreaterThan(60 * MEBIBYTE);
    assertThat(metrics.sum("jvm_gc_duration_seconds_count")).isGreaterThan(collections);
    assertThat(metrics.sum("jvm_gc_duration_seconds_sum")).isGreaterThan(paused);
    assertThat(metrics.of("jvm_memory_allocated_bytes_total") - allocated)
        .isGreaterThanOrEqualTo(held.length);
    assertThat(metrics.sum("jvm_memory_used_bytes", "jvm_memory_type", "heap"))
        .isLessThanOrEqualTo(metrics.sum("jvm_memory_committed_bytes", "jvm_memory_type", "heap"));
    assertThat(metrics.sum("jvm_memory_limit_bytes", "jvm_memory_type", "heap"))
        .isGreaterThanOrEqualTo(Runtime.getRuntime().maxMemory() * 0.9);
  }

  @Test
  void each_collection_is_a_safepoint() {
    assumeTrue(
        ModuleLayer.boot()
            .findModule("java.management")
            .orElseThrow()
            .isExported("sun.management", JvmIT.class.getModule()),
        "needs --add-exports java.management/sun.management=ALL-UNNAMED");
    double count = metrics.of("jvm_safepoint_duration_seconds_count");
    double paused = metrics.of("jvm_safepoint_duration_seconds_sum");
    assertThat(metrics.of("jvm_safepoint_sync_seconds_total")).isNotNegative();

    for (int i = 0; i < 5; i++) {
      System.gc();
    }

    assertThat(metrics.of("jvm_safepoint_duration_seconds_count") - count)
        .isGreaterThanOrEqualTo(5);
    assertThat(metrics.of("jvm_safepoint_duration_seconds_sum")).isGreaterThan(paused);
  }

  @Test
  void threads_are_counted_in_javas_own_states() {
    double blocked = state("blocked");
    double timed = state("timed_waiting");
    double started = metrics.of("jvm_threads_started_total");
    var lock = new Object();

    try (var _ = Stress.platform("waiting", 7, () -> LockSupport.parkNanos(5_000_000_000L))) {
      synchronized (lock) {
        for (int i = 0; i < 3; i++) {
          Thread.ofPlatform().daemon().start(() -> enter(lock));
        }
        await().untilAsserted(() -> assertThat(state("blocked") - blocked).isEqualTo(3));
        await().untilAsserted(() -> assertThat(state("timed_waiting") - timed).isBetween(5.0, 9.0));
      }
    }

    assertThat(metrics.of("jvm_threads_started_total") - started).isGreaterThanOrEqualTo(10);
    assertThat(state("runnable")).isPositive();
    assertThat(state("waiting")).isPositive();
  }

  @Test
  void classes_that_are_loaded_are_counted() throws Exception {
    double classes = metrics.of("jvm_class_count");

    Object proxy;
    try (var loader = new URLClassLoader(new URL[0], JvmIT.class.getClassLoader())) {
      proxy =
          Proxy.newProxyInstance(
              loader, new Class<?>[] {Runnable.class}, (self, method, arguments) -> null);
    }

    assertThat(metrics.of("jvm_class_count")).isGreaterThan(classes);
    assertThat(proxy).isInstanceOf(Runnable.class);
    assertThat(metrics.of("jvm_compilation_seconds_total")).isPositive();
    assertThat(metrics.of("jvm_cpu_count")).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  private static void enter(Object lock) {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  private double direct(String name) {
    return metrics.of(name, "jvm_buffer_pool_name", "direct");
  }

  private double state(String state) {
    return metrics.of("jvm_thread_count", "jvm_thread_state", state);
  }
}
