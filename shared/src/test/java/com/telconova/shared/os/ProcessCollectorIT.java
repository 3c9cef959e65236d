package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import com.telconova.shared.testing.Rounds;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessCollectorIT {
  private static final Path SELF = Path.of("/proc/self");

  @Test
  void what_cannot_be_read_is_left_out_and_the_scrape_goes_on(@TempDir Path root) {
    Metrics metrics = Metrics.below(root);

    assertThat(metrics.names())
        .allMatch(name ->
            name.startsWith("jvm_")
                || name.equals("process_scrape_seconds")
                || name.equals("process_threads"));
    assertThat(metrics.of("process_threads", "kind", "virtual", "state", "mounted"))
        .isNotNegative();

    new Tree(root)
        .with(
            "proc/self/limits",
            "Max open files            unlimited            unlimited            files\n")
        .with("proc/self/stat", "1 (a name) with (braces) S " + "0 ".repeat(10) + "250 50 0\n");
    assertThat(metrics.of("process_max_fds")).isNaN();
    assertThat(metrics.of("process_cpu_seconds_total", "mode", "user")).isEqualTo(2.5);
    assertThat(metrics.of("process_cpu_seconds_total", "mode", "system")).isEqualTo(0.5);
    assertThat(metrics.names()).doesNotContain("process_context_switches_total");
  }

  @Test
  void what_makes_no_sense_is_left_out_and_the_scrape_goes_on(@TempDir Path root)
      throws IOException {
    Tree tree = new Tree(root);
    for (String file :
        new String[] {
          "stat",
          "status",
          "io",
          "limits",
          "smaps_rollup",
          "oom_score",
          "cgroup",
          "mountinfo",
          "net/tcp",
          "net/dev",
          "net/snmp",
          "net/netstat",
          "net/sockstat",
          "task/1/stat",
          "task/1/schedstat",
          "task/x/stat"
        }) {
      tree.with("proc/self/" + file, "\0 ))) ((: x\n= TCP: Tcp: 1:2 eth0: total=\n\n(");
    }
    Path descriptors = Files.createDirectory(root.resolve("proc/self/fd"));
    Files.createSymbolicLink(descriptors.resolve("3"), Path.of("socket:[no number]"));
    tree.with("proc/pressure/cpu", "some total=\nfull").with("proc/stat", "btime x");

    Metrics metrics = Metrics.below(root);

    assertThat(metrics.names()).contains("jvm_cpu_count", "process_scrape_seconds");
  }

  @Test
  void two_scrapes_at_once_wait_for_each_other() {
    Metrics metrics = Metrics.ofThisProcess();

    try (var _ = Stress.platform("scraper", 3, metrics::text)) {
      for (int i = 0; i < 20; i++) {
        assertThat(metrics.text()).contains("process_memory_bytes{type=\"rss\",}");
      }
    }
  }

  @Test
  void memory_and_descriptors_are_what_the_system_says_of_another_process() throws Exception {
    assumeTrue(Files.isDirectory(SELF), "no /proc here");
    Process child =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 77; echo 500 > /proc/self/oom_score_adj;"
                    + " x=$(head -c 30000000 /dev/zero | tr '\\0' a); echo ready; read end")
            .start();
    try {
      assertThat(child.inputReader().readLine()).isEqualTo("ready");

      Metrics metrics = Metrics.of(child.pid());

      long pages =
          Long.parseLong(
              Files.readString(Path.of("/proc/" + child.pid() + "/statm")).split(" ")[1]);
      double rss = metrics.of("process_memory_bytes", "type", "rss");
      assertThat(rss).isGreaterThan(25e6).isCloseTo(pages * 4096.0, within(4e6));
      assertThat(
              metrics.of("process_memory_bytes", "type", "anonymous")
                  + metrics.of("process_memory_bytes", "type", "file"))
          .isCloseTo(rss, within(4e6));
      assertThat(metrics.sum("process_fds")).isEqualTo(3);
      assertThat(metrics.of("process_fds", "kind", "pipe")).isEqualTo(3);
      assertThat(metrics.of("process_max_fds")).isEqualTo(77);
      assertThat(metrics.of("process_oom_score"))
          .isGreaterThan(Metrics.ofThisProcess().of("process_oom_score") + 200);
      assertThat(metrics.of("process_threads", "kind", "platform", "state", "sleeping"))
          .isEqualTo(1);
      assertThat(metrics.of("process_start_time_seconds"))
          .isCloseTo(child.info().startInstant().orElseThrow().toEpochMilli() / 1e3, within(2.0));
      assertThat(metrics.names()).noneMatch(name -> name.startsWith("jvm_"));
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
  }

  @Test
  void processor_time_is_what_the_jvm_says_it_is() {
    assumeTrue(Files.isDirectory(SELF), "no /proc here");
    Metrics metrics = Metrics.ofThisProcess();
    double before = metrics.sum("process_cpu_seconds_total");

    Stress.until(() -> {
      Stress.spin();
      return metrics.sum("process_cpu_seconds_total") - before > 0.3;
    });

    double jvm = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    assertThat(metrics.sum("process_cpu_seconds_total")).isCloseTo(jvm, within(0.5));
  }

  @Test
  void a_scrape_takes_less_than_five_milliseconds_and_little_memory() throws IOException {
    assumeTrue(Files.isDirectory(SELF), "no /proc here");
    var clock = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    var registry = new CollectorRegistry();
    new ProcessCollector().register(registry);
    int rounds = Rounds.of(300, 3_000);
    long[] nanos = new long[rounds];
    long[] bytes = new long[rounds];
    long[] total = new long[rounds];

    // As many threads as a service has, each of which runs between two scrapes.
    try (var _ = Stress.platform("busy", 30, () -> parkMicros(1_000))) {
      for (int i = -rounds; i < rounds; i++) {
        long before = clock.getCurrentThreadAllocatedBytes();
        registry.metricFamilySamples();
        long collected = clock.getCurrentThreadAllocatedBytes();
        long cpu = clock.getCurrentThreadCpuTime();
        write(registry); // reads and writes: what a scrape of the admin port does
        if (i >= 0) {
          nanos[i] = clock.getCurrentThreadCpuTime() - cpu;
          bytes[i] = collected - before;
          total[i] = clock.getCurrentThreadAllocatedBytes() - collected;
        }
      }
    }

    Arrays.sort(nanos);
    Arrays.sort(bytes);
    Arrays.sort(total);
    System.out.printf(
        "scrape: %.2f ms of CPU (median of %d; p95 %.2f), %d KiB to collect, %d KiB with its text%n",
        nanos[rounds / 2] / 1e6,
        rounds,
        nanos[rounds * 95 / 100] / 1e6,
        bytes[rounds / 2] / 1024,
        total[rounds / 2] / 1024);
    assertThat(nanos[rounds / 2]).isLessThan(5_000_000);
    assertThat(bytes[rounds / 2]).isLessThan(384 * 1024);
    assertThat(total[rounds / 2]).isLessThan(768 * 1024);
  }

  private static void write(CollectorRegistry registry) throws IOException {
    try (Writer writer =
        new BufferedWriter(
            new OutputStreamWriter(OutputStream.nullOutputStream(), StandardCharsets.UTF_8))) {
      TextFormat.write004(writer, registry.metricFamilySamples());
    }
  }

  private static void parkMicros(long micros) {
    LockSupport.parkNanos(micros * 1_000);
  }
}
