package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trees of files as both versions have them; [CgroupStressIT] puts processes into real ones.
final class CgroupIT {
  private static final String V2 =
      "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n";

  @TempDir Path root;

  @Test
  void version_2_tells_what_a_container_uses_and_may_use() {
    Tree tree = new Tree(root).with("proc/self/cgroup", "0::/\n").with("proc/self/mountinfo", V2);
    versionTwo(tree, "sys/fs/cgroup/");

    Metrics metrics = Metrics.below(root);

    assertVersionTwo(metrics);
    assertThat(metrics.of("cgroup_cpu_limit_cores")).isEqualTo(0.5);
    assertThat(metrics.of("cgroup_memory_limit_bytes")).isEqualTo(268435456);
    assertThat(metrics.of("cgroup_pids_limit")).isEqualTo(512);
    assertThat(pressure(metrics, "cpu", "some", "cgroup")).isEqualTo(2.5);
    assertThat(pressure(metrics, "cpu", "full", "cgroup")).isEqualTo(1.5);
    assertThat(pressure(metrics, "memory", "some", "cgroup")).isEqualTo(0.25);
    assertThat(pressure(metrics, "io", "full", "cgroup")).isEqualTo(0.75);
    assertThat(pressure(metrics, "io", "some", "system")).isNaN();
  }

  @Test
  void the_narrowest_limit_of_those_around_it_counts() {
    Tree tree =
        new Tree(root)
            .with("proc/self/cgroup", "0::/ecs/task/container\n")
            .with("proc/self/mountinfo", V2);
    versionTwo(tree, "sys/fs/cgroup/ecs/task/container/");
    tree.with("sys/fs/cgroup/ecs/task/cpu.max", "25000 100000\n")
        .with("sys/fs/cgroup/ecs/task/memory.max", "134217728\n")
        .with("sys/fs/cgroup/ecs/cpu.max", "max 100000\n")
        .with("sys/fs/cgroup/ecs/memory.max", "max\n");

    Metrics metrics = Metrics.below(root);

    assertVersionTwo(metrics);
    assertThat(metrics.of("cgroup_cpu_limit_cores")).isEqualTo(0.25);
    assertThat(metrics.of("cgroup_memory_limit_bytes")).isEqualTo(134217728);
  }

  @Test
  void no_limit_is_no_metric() {
    Tree tree = new Tree(root).with("proc/self/cgroup", "0::/\n").with("proc/self/mountinfo", V2);
    versionTwo(tree, "sys/fs/cgroup/");
    tree.with("sys/fs/cgroup/cpu.max", "max 100000\n")
        .with("sys/fs/cgroup/memory.max", "max\n")
        .with("sys/fs/cgroup/pids.max", "max\n");

    Metrics metrics = Metrics.below(root);

    assertThat(metrics.names())
        .contains("cgroup_memory_current_bytes", "cgroup_pids_current")
        .doesNotContain("cgroup_cpu_limit_cores", "cgroup_memory_limit_bytes", "cgroup_pids_limit");
  }

  @Test
  void version_1_tells_the_same_in_the_words_of_version_2() {
    Tree tree = new Tree(root);
    versionOne(tree, "/docker/abc", "/docker/abc", "");

    assertVersionOne(Metrics.below(root));
  }

  @Test
  void version_1_is_found_where_the_whole_hierarchy_is_mounted_too() {
    Tree tree = new Tree(root);
    versionOne(tree, "/", "/docker/abc", "docker/abc/");

    assertVersionOne(Metrics.below(root));
  }

  @Test
  void with_both_versions_each_controller_is_read_where_it_is() {
    Tree tree = new Tree(root);
    versionOne(tree, "/", "/docker/abc", "docker/abc/");
    tree.with(
            "proc/self/mountinfo",
            "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
                + "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n")
        .with("proc/self/cgroup", "4:memory:/docker/abc\n0::/here\n")
        .with("sys/fs/cgroup/unified/here/cpu.stat", "user_usec 1500000\nsystem_usec 250000\n")
        .with("sys/fs/cgroup/unified/here/memory.current", "1\n")
        .with("sys/fs/cgroup/unified/here/cpu.pressure", "some avg10=0.00 total=4000000\n");

    Metrics metrics = Metrics.below(root);

    assertThat(metrics.of("cgroup_memory_current_bytes")).isEqualTo(100_000_000);
    assertThat(metrics.of("cgroup_cpu_seconds_total", "mode", "user")).isEqualTo(1.5);
    assertThat(pressure(metrics, "cpu", "some", "cgroup")).isEqualTo(4);
    assertThat(metrics.names()).doesNotContain("cgroup_pids_current", "cgroup_cpu_periods_total");
  }

  @Test
  void a_path_outside_of_what_is_mounted_is_the_mount_itself() {
    Tree tree =
        new Tree(root).with("proc/self/cgroup", "0::/../../x\n").with("proc/self/mountinfo", V2);
    versionTwo(tree, "sys/fs/cgroup/");

    assertVersionTwo(Metrics.below(root));
  }

  @Test
  void pressure_is_the_systems_too() {
    new Tree(root)
        .with(
            "proc/pressure/io",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=267689671\n"
                + "full avg10=0.00 avg60=0.00 avg300=0.00 total=128609622\n")
        .with("proc/pressure/memory", "some avg10=1.00 avg60=0.00 avg300=0.00 total=5\n")
        .with("proc/pressure/irq", "full avg10=1.00 avg60=0.00 avg300=0.00 total=7\n");

    Metrics metrics = Metrics.below(root);

    assertThat(pressure(metrics, "io", "some", "system")).isEqualTo(267.689671);
    assertThat(pressure(metrics, "io", "full", "system")).isEqualTo(128.609622);
    assertThat(pressure(metrics, "memory", "some", "system")).isEqualTo(5e-6);
    assertThat(pressure(metrics, "memory", "full", "system")).isNaN();
    assertThat(pressure(metrics, "irq", "full", "system")).isEqualTo(7e-6);
  }

  private static double pressure(Metrics metrics, String resource, String kind, String scope) {
    return metrics.of(
        "pressure_stall_seconds_total", "resource", resource, "kind", kind, "scope", scope);
  }

  private static void versionTwo(Tree tree, String folder) {
    tree.with(folder + "cpu.max", "50000 100000\n")
        .with(folder + "cpu.weight", "79\n")
        .with(
            folder + "cpu.stat",
            """
            usage_usec 30000000
            user_usec 20000000
            system_usec 10000000
            nr_periods 100
            nr_throttled 40
            throttled_usec 1500000
            nr_bursts 0
            burst_usec 0
            """)
        .with(folder + "memory.current", "100000000\n")
        .with(folder + "memory.peak", "120000000\n")
        .with(folder + "memory.max", "268435456\n")
        .with(folder + "memory.swap.current", "4096\n")
        .with(folder + "memory.events", "low 0\nhigh 3\nmax 17\noom 2\noom_kill 1\n")
        .with(
            folder + "memory.stat",
            """
            anon 60000000
            file 30000000
            kernel 8000000
            kernel_stack 1000
            sock 2000
            shmem 3000
            file_mapped 4000
            file_dirty 5000
            inactive_file 10000000
            pgfault 700
            pgmajfault 70
            """)
        .with(folder + "pids.current", "44\n")
        .with(folder + "pids.max", "512\n")
        .with(
            folder + "io.stat",
            "254:0 rbytes=1000 wbytes=2000 rios=3 wios=4 dbytes=0 dios=0\n"
                + "254:16 rbytes=10 wbytes=20 rios=1 wios=1 dbytes=0 dios=0\n")
        .with(
            folder + "cpu.pressure",
            "some avg10=0.10 avg60=0.00 avg300=0.00 total=2500000\n"
                + "full avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n")
        .with(folder + "memory.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=250000\n")
        .with(folder + "io.pressure", "full avg10=0.00 avg60=0.00 avg300=0.00 total=750000\n");
  }

  private static void assertVersionTwo(Metrics metrics) {
    assertThat(metrics.of("cgroup_cpu_seconds_total", "mode", "user")).isEqualTo(20);
    assertThat(metrics.of("cgroup_cpu_seconds_total", "mode", "system")).isEqualTo(10);
    assertThat(metrics.of("cgroup_cpu_periods_total")).isEqualTo(100);
    assertThat(metrics.of("cgroup_cpu_throttled_periods_total")).isEqualTo(40);
    assertThat(metrics.of("cgroup_cpu_throttled_seconds_total")).isEqualTo(1.5);
    assertThat(metrics.of("cgroup_cpu_weight")).isEqualTo(79);
    assertThat(metrics.of("cgroup_memory_current_bytes")).isEqualTo(100_000_000);
    assertThat(metrics.of("cgroup_memory_peak_bytes")).isEqualTo(120_000_000);
    assertThat(metrics.of("cgroup_memory_working_set_bytes")).isEqualTo(90_000_000);
    assertThat(metrics.of("cgroup_memory_swap_bytes")).isEqualTo(4096);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "anon")).isEqualTo(60_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "file")).isEqualTo(30_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "kernel")).isEqualTo(8_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "sock")).isEqualTo(2000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "file_dirty")).isEqualTo(5000);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "high")).isEqualTo(3);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "max")).isEqualTo(17);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "oom")).isEqualTo(2);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "oom_kill")).isEqualTo(1);
    assertThat(metrics.of("cgroup_memory_page_faults_total", "type", "minor")).isEqualTo(630);
    assertThat(metrics.of("cgroup_memory_page_faults_total", "type", "major")).isEqualTo(70);
    assertThat(metrics.of("cgroup_pids_current")).isEqualTo(44);
    assertThat(metrics.of("cgroup_io_bytes_total", "op", "read")).isEqualTo(1010);
    assertThat(metrics.of("cgroup_io_bytes_total", "op", "write")).isEqualTo(2020);
    assertThat(metrics.of("cgroup_io_operations_total", "op", "read")).isEqualTo(4);
    assertThat(metrics.of("cgroup_io_operations_total", "op", "write")).isEqualTo(5);
  }

  /// @param mountRoot what of the hierarchy is mounted
  /// @param path of the process in the hierarchy
  /// @param folder where that is below the mount point
  private static void versionOne(Tree tree, String mountRoot, String path, String folder) {
    tree.with(
            "proc/self/cgroup",
            "5:pids:%1$s\n4:memory:%1$s\n3:blkio:%1$s\n2:cpu,cpuacct:%1$s\n1:name=systemd:%1$s\n"
                .formatted(path))
        .with(
            "proc/self/mountinfo",
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            32 31 0:29 %1$s /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 %1$s /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            38 31 0:35 %1$s /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio
            39 31 0:36 %1$s /sys/fs/cgroup/pids rw shared:9 - cgroup cgroup rw,pids
            """
                .formatted(mountRoot));
    String cpu = "sys/fs/cgroup/cpu,cpuacct/" + folder;
    String memory = "sys/fs/cgroup/memory/" + folder;
    tree.with(cpu + "cpu.cfs_quota_us", "150000\n")
        .with(cpu + "cpu.cfs_period_us", "100000\n")
        .with(cpu + "cpu.shares", "1024\n")
        .with(cpu + "cpu.stat", "nr_periods 100\nnr_throttled 40\nthrottled_time 1500000000\n")
        .with(cpu + "cpuacct.stat", "user 2000\nsystem 1000\n")
        .with(memory + "memory.usage_in_bytes", "100000000\n")
        .with(memory + "memory.max_usage_in_bytes", "120000000\n")
        .with(memory + "memory.limit_in_bytes", "268435456\n")
        .with(memory + "memory.failcnt", "17\n")
        .with(memory + "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n")
        .with(memory + "memory.kmem.usage_in_bytes", "8000000\n")
        .with(memory + "memory.kmem.tcp.usage_in_bytes", "2000\n")
        .with(
            memory + "memory.stat",
            """
            cache 1
            rss 1
            total_cache 30000000
            total_rss 60000000
            total_shmem 3000
            total_mapped_file 4000
            total_dirty 5000
            total_swap 4096
            total_pgfault 700
            total_pgmajfault 70
            total_inactive_file 10000000
            """)
        .with("sys/fs/cgroup/pids/" + folder + "pids.current", "44\n")
        .with("sys/fs/cgroup/pids/" + folder + "pids.max", "512\n")
        .with(
            "sys/fs/cgroup/blkio/" + folder + "blkio.throttle.io_service_bytes",
            "254:0 Read 1000\n254:0 Write 2000\n254:0 Total 3000\n254:16 Read 10\nTotal 3010\n")
        .with(
            "sys/fs/cgroup/blkio/" + folder + "blkio.throttle.io_serviced",
            "254:0 Read 3\n254:0 Write 4\n254:0 Total 7\nTotal 7\n");
  }

  private static void assertVersionOne(Metrics metrics) {
    assertThat(metrics.of("cgroup_cpu_seconds_total", "mode", "user")).isEqualTo(20);
    assertThat(metrics.of("cgroup_cpu_seconds_total", "mode", "system")).isEqualTo(10);
    assertThat(metrics.of("cgroup_cpu_periods_total")).isEqualTo(100);
    assertThat(metrics.of("cgroup_cpu_throttled_periods_total")).isEqualTo(40);
    assertThat(metrics.of("cgroup_cpu_throttled_seconds_total")).isEqualTo(1.5);
    assertThat(metrics.of("cgroup_cpu_limit_cores")).isEqualTo(1.5);
    assertThat(metrics.of("cgroup_cpu_weight")).isCloseTo(39, within(0.01));
    assertThat(metrics.of("cgroup_memory_current_bytes")).isEqualTo(100_000_000);
    assertThat(metrics.of("cgroup_memory_peak_bytes")).isEqualTo(120_000_000);
    assertThat(metrics.of("cgroup_memory_limit_bytes")).isEqualTo(268435456);
    assertThat(metrics.of("cgroup_memory_working_set_bytes")).isEqualTo(90_000_000);
    assertThat(metrics.of("cgroup_memory_swap_bytes")).isEqualTo(4096);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "anon")).isEqualTo(60_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "file")).isEqualTo(30_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "kernel")).isEqualTo(8_000_000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "sock")).isEqualTo(2000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "shmem")).isEqualTo(3000);
    assertThat(metrics.of("cgroup_memory_stat_bytes", "type", "file_mapped")).isEqualTo(4000);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "max")).isEqualTo(17);
    assertThat(metrics.of("cgroup_memory_events_total", "event", "oom_kill")).isEqualTo(1);
    assertThat(metrics.of("cgroup_memory_page_faults_total", "type", "minor")).isEqualTo(630);
    assertThat(metrics.of("cgroup_pids_current")).isEqualTo(44);
    assertThat(metrics.of("cgroup_pids_limit")).isEqualTo(512);
    assertThat(metrics.of("cgroup_io_bytes_total", "op", "read")).isEqualTo(1010);
    assertThat(metrics.of("cgroup_io_bytes_total", "op", "write")).isEqualTo(2000);
    assertThat(metrics.of("cgroup_io_operations_total", "op", "read")).isEqualTo(3);
    assertThat(metrics.of("cgroup_io_operations_total", "op", "write")).isEqualTo(4);
  }
}
