package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A child process in cgroups of its own, whose limits are real: where the machine lets us make
/// some (root, version 1; of version 2 what needs no controller).
final class CgroupStressIT {
  private static final int MEBIBYTE = 1 << 20;

  private final List<Path> cgroups = new ArrayList<>();
  private Process child;

  @AfterEach
  void endAndRemove() throws Exception {
    if (child != null) {
      List<ProcessHandle> all = child.descendants().toList();
      all.forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    for (Path cgroup : cgroups.reversed()) {
      // Whoever was in it leaves it a moment after its end.
      await().until(() -> removed(cgroup));
    }
  }

  @Test
  void a_quota_throttles_and_says_so() throws IOException {
    Path cpu = own("cpu");
    own("cpuacct");
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "20000");
    Files.writeString(cpu.resolve("cpu.shares"), "512");

    Metrics metrics = start("while :; do :; done");

    assertThat(metrics.of("cgroup_cpu_limit_cores")).isEqualTo(0.2);
    assertThat(metrics.of("cgroup_cpu_weight")).isEqualTo(20);
    await()
        .untilAsserted(() -> {
          assertThat(metrics.of("cgroup_cpu_periods_total")).isGreaterThan(5);
          assertThat(metrics.of("cgroup_cpu_throttled_periods_total")).isGreaterThan(3);
          assertThat(metrics.of("cgroup_cpu_throttled_seconds_total")).isGreaterThan(0.1);
          assertThat(metrics.sum("cgroup_cpu_seconds_total")).isGreaterThan(0.05);
        });
  }

  @Test
  void memory_moves_up_to_its_limit_and_beyond_it_somebody_is_killed() throws IOException {
    Path memory = own("memory");
    Files.writeString(memory.resolve("memory.limit_in_bytes"), Integer.toString(32 * MEBIBYTE));
    Path file = Checkout.find().scratch("cgroup");
    Metrics metrics =
        start(
            "dd if=/dev/zero of=%s/file bs=1M count=64 2>/dev/null; echo written; read go;"
                    .formatted(file)
                + " tail /dev/zero >/dev/null; echo killed; read end");
    try {
      assertThat(child.inputReader().readLine()).isEqualTo("written");
      assertThat(metrics.of("cgroup_memory_limit_bytes")).isEqualTo(32 * MEBIBYTE);
      assertThat(metrics.of("cgroup_memory_events_total", "event", "max")).isPositive();
      assertThat(metrics.of("cgroup_memory_events_total", "event", "oom_kill")).isZero();
      assertThat(metrics.of("cgroup_memory_current_bytes"))
          .isBetween(16.0 * MEBIBYTE, 32.0 * MEBIBYTE);
      assertThat(metrics.of("cgroup_memory_peak_bytes")).isGreaterThan(28.0 * MEBIBYTE);
      assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "file"))
          .isGreaterThan(16.0 * MEBIBYTE);
      assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "inactive_file"))
          .isGreaterThan(8.0 * MEBIBYTE);
      assertThat(metrics.of("cgroup_memory_working_set_bytes"))
          .isLessThan(metrics.of("cgroup_memory_current_bytes"));
      assertThat(metrics.of("cgroup_memory_page_faults_total", "type", "minor")).isPositive();

      say();

      String line = child.inputReader().readLine();
      while (!line.equals("killed")) { // the shell says who was, too
        line = child.inputReader().readLine();
      }
      assertThat(metrics.of("cgroup_memory_events_total", "event", "oom_kill")).isEqualTo(1);
    } finally {
      Checkout.delete(file);
    }
  }

  @Test
  void processes_and_threads_count_towards_their_limit() throws IOException {
    Path pids = own("pids");
    Files.writeString(pids.resolve("pids.max"), "20");

    Metrics metrics = start("for i in 1 2 3 4 5; do sleep 60 & done; echo started; read end");

    assertThat(child.inputReader().readLine()).isEqualTo("started");
    assertThat(metrics.of("cgroup_pids_current")).isEqualTo(6);
    assertThat(metrics.of("cgroup_pids_limit")).isEqualTo(20);
  }

  @Test
  void pressure_is_that_of_the_cgroup_too() throws IOException {
    assumeTrue(
        CgroupFolders.find(Path.of("/proc/self"), Path.of("/")).unified().isPresent(),
        "no cgroup of version 2 here");
    Path unified = own("");
    assumeTrue(Files.exists(unified.resolve("cpu.pressure")), "no pressure here");
    int crowd = Runtime.getRuntime().availableProcessors() + 2;

    Metrics metrics =
        start("for i in $(seq %d); do while :; do :; done & done; read end".formatted(crowd));

    await()
        .untilAsserted(() -> {
          assertThat(stalled(metrics, "cgroup")).isGreaterThan(0.2);
          assertThat(stalled(metrics, "system")).isGreaterThan(0.2);
        });
  }

  private static double stalled(Metrics metrics, String scope) {
    return metrics.of(
        "pressure_stall_seconds_total", "resource", "cpu", "kind", "some", "scope", scope);
  }

  /// Makes a cgroup below this process's own.
  ///
  /// @param controller of version 1; empty for version 2
  private Path own(String controller) {
    CgroupFolders folders = CgroupFolders.find(Path.of("/proc/self"), Path.of("/"));
    CgroupFolders.Mounted mounted =
        controller.isEmpty()
            ? folders.unified().orElseThrow()
            : folders.controllers().get(controller);
    assumeTrue(mounted != null, "no controller of version 1 called " + controller);
    Path cgroup =
        mounted.folder().resolve("microflow-" + ProcessHandle.current().pid() + "-" + controller);
    try {
      Files.createDirectory(cgroup);
      cgroups.add(cgroup);
    } catch (IOException e) {
      assumeTrue(false, "may not make a cgroup: " + e);
    }
    return cgroup;
  }

  /// Starts a script in the cgroups that were made.
  private Metrics start(String script) throws IOException {
    child = new ProcessBuilder("sh", "-c", "read go; " + script).redirectErrorStream(true).start();
    for (Path cgroup : cgroups) {
      Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(child.pid()));
    }
    Metrics metrics = Metrics.of(child.pid());
    say();
    return metrics;
  }

  /// Lets the script go on.
  private void say() throws IOException {
    child.getOutputStream().write('\n');
    child.getOutputStream().flush();
  }

  private static boolean removed(Path cgroup) {
    try {
      Files.deleteIfExists(cgroup);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
