package com.telconova.shared.os;

import com.telconova.shared.os.CgroupFolders.Mounted;
import java.util.List;
import java.util.Optional;

/// What the process's cgroup uses, may use and was refused. A cgroup is a container's, or a
/// machine's session: everything in it counts, not this process alone.
///
/// Both versions give the same metrics, in the words of version 2. Each controller is read where it
/// is: a machine may have both versions.
final class Cgroup implements Part {
  // Version 1 says "no limit" as the largest number of pages.
  private static final double NO_LIMIT = 0x7000_0000_0000_0000L;
  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;

  private final ProcFile file;
  private final Optional<Mounted> cpu;
  private final Optional<Mounted> cpuAccounting;
  private final Optional<Mounted> memory;
  private final Optional<Mounted> pids;
  private final Optional<Mounted> io;
  private final Optional<Mounted> unified;
  private double read;
  private double written;
  private double reads;
  private double writes;

  Cgroup(ProcFile file, CgroupFolders folders) {
    this.file = file;
    this.cpu = Optional.ofNullable(folders.controllers().get("cpu"));
    this.cpuAccounting = Optional.ofNullable(folders.controllers().get("cpuacct"));
    this.memory = Optional.ofNullable(folders.controllers().get("memory"));
    this.pids = Optional.ofNullable(folders.controllers().get("pids"));
    this.io = Optional.ofNullable(folders.controllers().get("blkio"));
    this.unified = folders.unified();
  }

  @Override
  public void collect(Scrape scrape) {
    var cpuMetrics = new CpuMetrics(scrape);
    cpu.ifPresentOrElse(
        v1 -> cpuV1(cpuMetrics, v1), () -> unified.ifPresent(v2 -> cpuV2(cpuMetrics, v2)));
    cpuAccounting.ifPresentOrElse(
        v1 -> cpuTimeV1(cpuMetrics, v1), () -> unified.ifPresent(v2 -> cpuTimeV2(cpuMetrics, v2)));
    var memoryMetrics = new MemoryMetrics(scrape);
    memory.ifPresentOrElse(
        v1 -> memoryV1(memoryMetrics, v1),
        () -> unified.ifPresent(v2 -> memoryV2(memoryMetrics, v2)));
    pids.or(() -> unified).ifPresent(folder -> pids(scrape, folder));
    io.ifPresentOrElse(v1 -> ioV1(scrape, v1), () -> unified.ifPresent(v2 -> ioV2(scrape, v2)));
  }

  private void cpuV1(CpuMetrics metrics, Mounted v1) {
    file.read(v1.file("cpu.stat"));
    metrics.periods.add(file.number("nr_periods "));
    metrics.throttledPeriods.add(file.number("nr_throttled "));
    metrics.throttled.add(file.number("throttled_time ") / NANOS);
    double cores = Double.NaN;
    for (String quota : v1.files("cpu.cfs_quota_us")) {
      double micros = single(quota);
      double period = single(quota.replace("cpu.cfs_quota_us", "cpu.cfs_period_us"));
      cores = narrower(cores, micros / period);
    }
    metrics.limit.add(cores);
    // The kernel's own conversion, as runc and crun have it: 2..262144 becomes 1..10000.
    double shares = single(v1.file("cpu.shares"));
    metrics.weight.add(Math.floor(1 + (shares - 2) * 9999 / 262142));
  }

  private void cpuTimeV1(CpuMetrics metrics, Mounted v1) {
    file.read(v1.file("cpuacct.stat"));
    metrics.used.add(file.number("user ") / Usage.TICKS_PER_SECOND, "user");
    metrics.used.add(file.number("system ") / Usage.TICKS_PER_SECOND, "system");
  }

  private void cpuV2(CpuMetrics metrics, Mounted v2) {
    file.read(v2.file("cpu.stat"));
    metrics.periods.add(file.number("nr_periods "));
    metrics.throttledPeriods.add(file.number("nr_throttled "));
    metrics.throttled.add(file.number("throttled_usec ") / MICROS);
    double cores = Double.NaN;
    for (String max : v2.files("cpu.max")) {
      file.read(max);
      cores = narrower(cores, file.whole().field(0) / file.field(1));
    }
    metrics.limit.add(cores);
    metrics.weight.add(single(v2.file("cpu.weight")));
  }

  private void cpuTimeV2(CpuMetrics metrics, Mounted v2) {
    file.read(v2.file("cpu.stat"));
    metrics.used.add(file.number("user_usec ") / MICROS, "user");
    metrics.used.add(file.number("system_usec ") / MICROS, "system");
  }

  private void memoryV1(MemoryMetrics metrics, Mounted v1) {
    double current = single(v1.file("memory.usage_in_bytes"));
    metrics.current.add(current);
    metrics.peak.add(single(v1.file("memory.max_usage_in_bytes")));
    metrics.limit.add(narrowest(v1.files("memory.limit_in_bytes")));
    metrics.events.add(single(v1.file("memory.failcnt")), "max");
    file.read(v1.file("memory.oom_control"));
    metrics.events.add(file.number("oom_kill "), "oom_kill");
    metrics.types.add(single(v1.file("memory.kmem.usage_in_bytes")), "kernel");
    metrics.types.add(single(v1.file("memory.kmem.tcp.usage_in_bytes")), "sock");
    file.read(v1.file("memory.stat"));
    metrics
        .types
        .add(file.number("total_rss "), "anon")
        .add(file.number("total_cache "), "file")
        .add(file.number("total_shmem "), "shmem")
        .add(file.number("total_mapped_file "), "file_mapped")
        .add(file.number("total_dirty "), "file_dirty")
        .add(file.number("total_inactive_file "), "inactive_file");
    metrics.workingSet.add(Math.max(0, current - file.number("total_inactive_file ")));
    metrics.swap.add(file.number("total_swap "));
    metrics.faults(file.number("total_pgfault "), file.number("total_pgmajfault "));
  }

  private void memoryV2(MemoryMetrics metrics, Mounted v2) {
    double current = single(v2.file("memory.current"));
    metrics.current.add(current);
    metrics.peak.add(single(v2.file("memory.peak")));
    metrics.limit.add(narrowest(v2.files("memory.max")));
    metrics.swap.add(single(v2.file("memory.swap.current")));
    file.read(v2.file("memory.events"));
    for (String event : new String[] {"low", "high", "max", "oom", "oom_kill"}) {
      metrics.events.add(file.number(event + " "), event);
    }
    if (!file.read(v2.file("memory.stat"))) {
      return;
    }
    metrics
        .types
        .add(file.number("anon "), "anon")
        .add(file.number("file "), "file")
        .add(file.number("shmem "), "shmem")
        .add(file.number("file_mapped "), "file_mapped")
        .add(file.number("file_dirty "), "file_dirty")
        .add(file.number("inactive_file "), "inactive_file")
        .add(file.number("kernel "), "kernel")
        .add(file.number("sock "), "sock");
    metrics.workingSet.add(Math.max(0, current - file.number("inactive_file ")));
    metrics.faults(file.number("pgfault "), file.number("pgmajfault "));
  }

  private void pids(Scrape scrape, Mounted folder) {
    scrape
        .gauge("cgroup_pids_current", "Threads and processes in the cgroup.")
        .add(single(folder.file("pids.current")));
    scrape
        .gauge("cgroup_pids_limit", "How many threads and processes the cgroup may have.")
        .add(narrowest(folder.files("pids.max")));
  }

  private void ioV1(Scrape scrape, Mounted v1) {
    read = Double.NaN;
    written = Double.NaN;
    reads = Double.NaN;
    writes = Double.NaN;
    file.eachLine(
        v1.file("blkio.throttle.io_service_bytes"),
        () -> {
          read = plus(read, operation("Read"));
          written = plus(written, operation("Write"));
        });
    file.eachLine(
        v1.file("blkio.throttle.io_serviced"),
        () -> {
          reads = plus(reads, operation("Read"));
          writes = plus(writes, operation("Write"));
        });
    addIo(scrape);
  }

  /// Of a line such as `254:0 Read 4096`.
  private double operation(String name) {
    return file.indexOf(name) == 1 ? file.field(2) : Double.NaN;
  }

  private void ioV2(Scrape scrape, Mounted v2) {
    read = Double.NaN;
    written = Double.NaN;
    reads = Double.NaN;
    writes = Double.NaN;
    file.eachLine(
        v2.file("io.stat"),
        () -> {
          read = plus(read, file.valueOf("rbytes"));
          written = plus(written, file.valueOf("wbytes"));
          reads = plus(reads, file.valueOf("rios"));
          writes = plus(writes, file.valueOf("wios"));
        });
    addIo(scrape);
  }

  private void addIo(Scrape scrape) {
    scrape
        .counter("cgroup_io_bytes", "Bytes from and to disks, of the cgroup.", "op")
        .add(read, "read")
        .add(written, "write");
    scrape
        .counter("cgroup_io_operations", "Operations of disks, of the cgroup.", "op")
        .add(reads, "read")
        .add(writes, "write");
  }

  private double single(String path) {
    return file.read(path) ? file.whole().field(0) : Double.NaN;
  }

  private double narrowest(List<String> limits) {
    double narrowest = Double.NaN;
    for (String limit : limits) {
      double bytes = single(limit);
      narrowest = narrower(narrowest, bytes >= NO_LIMIT ? Double.NaN : bytes);
    }
    return narrowest;
  }

  /// NaN is no limit.
  private static double narrower(double one, double other) {
    return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.min(one, other);
  }

  private static double plus(double sum, double more) {
    return Double.isNaN(more) ? sum : Double.isNaN(sum) ? more : sum + more;
  }

  private static final class CpuMetrics {
    final Scrape.Family used;
    final Scrape.Family periods;
    final Scrape.Family throttledPeriods;
    final Scrape.Family throttled;
    final Scrape.Family limit;
    final Scrape.Family weight;

    CpuMetrics(Scrape scrape) {
      used = scrape.counter("cgroup_cpu_seconds", "Processor time of the cgroup.", "mode");
      periods =
          scrape.counter(
              "cgroup_cpu_periods", "Periods of enforcement in which the cgroup wanted to run.");
      throttledPeriods =
          scrape.counter(
              "cgroup_cpu_throttled_periods", "Periods in which it had used up its quota.");
      throttled =
          scrape.counter(
              "cgroup_cpu_throttled_seconds",
              "How long it was kept from running for that, all processors together.");
      limit = scrape.gauge("cgroup_cpu_limit_cores", "Processors it may use: quota by period.");
      weight =
          scrape.gauge(
              "cgroup_cpu_weight", "Its share beside others when all want to run; 100 is usual.");
    }
  }

  private static final class MemoryMetrics {
    final Scrape.Family current;
    final Scrape.Family peak;
    final Scrape.Family limit;
    final Scrape.Family workingSet;
    final Scrape.Family swap;
    final Scrape.Family types;
    final Scrape.Family events;
    private final Scrape.Family faults;

    MemoryMetrics(Scrape scrape) {
      current =
          scrape.gauge(
              "cgroup_memory_current_bytes",
              "Memory charged to the cgroup, the kernel's cache of its files included.");
      peak = scrape.gauge("cgroup_memory_peak_bytes", "The most it ever was.");
      limit = scrape.gauge("cgroup_memory_limit_bytes", "Beyond it somebody is killed.");
      workingSet =
          scrape.gauge(
              "cgroup_memory_working_set_bytes",
              "What is in use and cannot be dropped at once: current without inactive files.");
      swap = scrape.gauge("cgroup_memory_swap_bytes", "What of it was swapped out.");
      types = scrape.gauge("cgroup_memory_stat_bytes", "Memory by what it is for.", "type");
      events =
          scrape.counter(
              "cgroup_memory_events",
              "How often the cgroup met its limit (max), or lost a process to it (oom_kill).",
              "event");
      faults = scrape.counter("cgroup_memory_page_faults", "Page faults in the cgroup.", "type");
    }

    /// @param all both kinds
    void faults(double all, double major) {
      faults.add(all - major, "minor").add(major, "major");
    }
  }
}
