package com.telconova.shared.os;

import com.telconova.shared.jfr.Recorder;
import io.prometheus.client.Collector;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.FlightRecorder;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that this process costs the operating system: processor, memory, threads,
/// descriptors, sockets, input and output, its cgroup, pressure, and what the JVM says of itself.
/// The metrics are listed in `docs/operating-system.md`.
///
/// A file that is missing (macOS has no `/proc`, some kernels no cgroup or pressure) leaves its
/// metric out and never fails a scrape. Thread-safe: scrapes that come at once wait for each other,
/// some milliseconds.
public final class ProcessCollector extends Collector {
  private static final Logger log = LoggerFactory.getLogger(ProcessCollector.class);

  private final ReentrantLock turn = new ReentrantLock();
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<String> failed = new ArrayList<>();
  private final Threads threads;

  public ProcessCollector() {
    this(Path.of("/"), "self");
  }

  /// Of another process of this machine, as far as it can be read from outside: without context
  /// switches and what only a JVM knows of itself.
  public static ProcessCollector of(long pid) {
    return new ProcessCollector(Path.of("/"), Long.toString(pid));
  }

  /// @param root the folder that holds `proc` and, below the mount points that it tells of, cgroups
  /// @param process `self`, or another process's number: then the JVM's own metrics are left out
  ProcessCollector(Path root, String process) {
    Path proc = root.resolve("proc");
    Path folder = proc.resolve(process);
    boolean self = process.equals("self");
    var file = new ProcFile();
    Optional<VirtualThreadSchedulerMXBean> scheduler =
        self
            ? Optional.ofNullable(
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class))
            : Optional.empty();
    boolean thisOne = self && root.equals(Path.of("/"));
    CgroupFolders cgroups = CgroupFolders.find(folder, root);
    var descriptors = new Descriptors(file, folder, System::nanoTime);
    parts.put("cpu", new Usage(file, proc, folder, thisOne ? Rusage.open() : Optional.empty()));
    parts.put("memory", new Memory(file, folder, System::nanoTime));
    parts.put("io", new Io(file, folder));
    threads =
        new Threads(
            file,
            folder,
            scheduler,
            self ? Threads::carriersOfThisProcess : Optional::<String>empty);
    parts.put("threads", threads);
    parts.put("descriptors", descriptors);
    parts.put(
        "sockets",
        new Sockets(file, folder, descriptors, thisOne ? SocketOptions.open() : Optional.empty()));
    parts.put("network", new NetworkNamespace(file, folder));
    parts.put("cgroup", new Cgroup(file, cgroups));
    parts.put(
        "pressure", new Pressure(file, proc, cgroups.unified().map(CgroupFolders.Mounted::folder)));
    if (self) {
      parts.put("jvm", new JvmCollector(scheduler));
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    turn.lock();
    try {
      var scrape = new Scrape();
      var took =
          scrape.gauge(
              "process_scrape_seconds", "What reading each part of these metrics took.", "part");
      parts.forEach((name, part) -> {
        long begin = System.nanoTime();
        collect(name, part, scrape);
        took.add((System.nanoTime() - begin) / 1e9, name);
      });
      return scrape.families();
    } finally {
      turn.unlock();
    }
  }

  /// Tells recordings what it costs, each time that they ask for it ([ProcessEvent]): the same
  /// readers, one turn for both.
  ///
  /// @param service whose process this is
  public Recorder.Teller record(String service) {
    Runnable commit = () -> tell(service);
    FlightRecorder.addPeriodicEvent(ProcessEvent.class, commit);
    return new Recorder.Teller() {
      @Override
      public void tell() {
        commit.run();
      }

      @Override
      public void close() {
        FlightRecorder.removePeriodicEvent(commit);
      }
    };
  }

  /// Threads by name are told of the same moment as the process that they add up to.
  private void tell(String service) {
    turn.lock();
    try {
      ProcessEvent.commit(service, this::some);
      threads.tell();
    } finally {
      turn.unlock();
    }
  }

  private List<MetricFamilySamples> some(Set<String> names) {
    turn.lock();
    try {
      var scrape = new Scrape();
      names.stream()
          .filter(parts::containsKey)
          .forEach(name -> collect(name, parts.get(name), scrape));
      return scrape.families();
    } finally {
      turn.unlock();
    }
  }

  /// What cannot be understood is left out too, and said once.
  private void collect(String name, Part part, Scrape scrape) {
    try {
      part.collect(scrape);
    } catch (RuntimeException e) {
      if (!failed.contains(name)) {
        failed.add(name);
        log.warn("Metrics of {} are incomplete", name, e);
      }
    }
  }
}
