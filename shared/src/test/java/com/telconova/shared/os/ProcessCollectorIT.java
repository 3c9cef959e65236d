package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessCollectorIT {
  private static final Path SELF = Path.of("/proc/self");

  private final CollectorRegistry registry = new CollectorRegistry();

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.isDirectory(SELF), "no /proc here");
  }

  @Test
  void descriptors_move_with_the_files_that_are_open(@TempDir Path folder) throws IOException {
    new ProcessCollector().register(registry);
    double before = sample("process_open_fds");
    Path file = Files.writeString(folder.resolve("file"), "x");

    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      open.add(Files.newInputStream(file));
    }
    double during = sample("process_open_fds");
    for (InputStream one : open) {
      one.close();
    }

    assertThat(during - before).isCloseTo(50, within(5.0));
    assertThat(sample("process_open_fds") - before).isCloseTo(0, within(5.0));
    assertThat(sample("process_max_fds")).isGreaterThan(during);
  }

  @Test
  void threads_move_with_the_threads_that_run() {
    new ProcessCollector().register(registry);
    double before = sample("process_os_threads");

    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(Thread.ofPlatform().daemon().start(ProcessCollectorIT::untilInterrupted));
    }

    await()
        .untilAsserted(
            () -> assertThat(sample("process_os_threads") - before).isCloseTo(20, within(5.0)));
    threads.forEach(Thread::interrupt);
  }

  @Test
  void processor_time_is_what_the_jvm_says_it_is() {
    new ProcessCollector().register(registry);
    double before = cpu("user") + cpu("system");
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    long sum = 0;
    while (System.nanoTime() < end) {
      sum += System.nanoTime() % 7;
    }

    double total = cpu("user") + cpu("system");

    assertThat(sum).isPositive();
    assertThat(total - before).isGreaterThan(0.1);
    double jvm = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    assertThat(total).isCloseTo(jvm, within(1.0));
  }

  @Test
  void memory_is_what_ps_says_of_another_process() throws Exception {
    java.lang.Process child =
        new ProcessBuilder("sh", "-c", "x=$(head -c 30000000 /dev/zero | tr '\\0' a); sleep 60")
            .start();
    try {
      Path proc = Path.of("/proc", Long.toString(child.pid()));
      await().until(() -> Files.readString(proc.resolve("status")).contains("VmRSS:"));
      new ProcessCollector(proc).register(registry);
      await().until(() -> memory("rss") > 25e6);

      long pages = Long.parseLong(Files.readString(proc.resolve("statm")).split(" ")[1]);
      assertThat(memory("rss")).isCloseTo(pages * 4096.0, within(4e6));
      assertThat(memory("anonymous") + memory("file")).isCloseTo(memory("rss"), within(4e6));
      assertThat(sample("process_open_fds")).isBetween(1.0, 10.0);
      assertThat(sample("process_os_threads")).isEqualTo(1.0);
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
  }

  @Test
  void what_cannot_be_read_is_left_out_and_the_scrape_goes_on(@TempDir Path empty)
      throws IOException {
    new ProcessCollector(empty).register(registry);

    assertThat(registry.metricFamilySamples().asIterator())
        .toIterable()
        .extracting(family -> family.name)
        .containsExactly("jvm_memory_used_bytes");

    Files.writeString(
        empty.resolve("limits"),
        "Max open files            unlimited            unlimited files\n");
    Files.writeString(
        empty.resolve("stat"), "1 (a name) with (braces) S " + "0 ".repeat(10) + "250 50 0\n");
    assertThat(registry.getSampleValue("process_max_fds")).isNull();
    assertThat(cpu("user")).isEqualTo(2.5);
    assertThat(cpu("system")).isEqualTo(0.5);
  }

  private double sample(String name) {
    return registry.getSampleValue(name);
  }

  private double cpu(String mode) {
    return registry.getSampleValue(
        "process_cpu_seconds_total", new String[] {"mode"}, new String[] {mode});
  }

  private double memory(String type) {
    return registry.getSampleValue(
        "process_memory_bytes", new String[] {"type"}, new String[] {type});
  }

  private static void untilInterrupted() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
