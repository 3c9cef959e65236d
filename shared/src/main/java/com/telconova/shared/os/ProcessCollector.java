package com.telconova.shared.os;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// CPU, memory, threads and descriptors of this process. A file that is missing (macOS has no
/// `/proc`) leaves its metric out and never fails a scrape.
public final class ProcessCollector extends Collector {
  /// `USER_HZ`: in clock ticks of 1/100 s `/proc` counts CPU time, on every architecture we run on.
  private static final double TICKS_PER_SECOND = 100;

  private final Path proc;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

  public ProcessCollector() {
    this(Path.of("/proc/self"));
  }

  ProcessCollector(Path proc) {
    this.proc = proc;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    cpu().ifPresent(families::add);
    residentMemory().ifPresent(families::add);
    threads().ifPresent(families::add);
    descriptors().ifPresent(families::add);
    descriptorLimit().ifPresent(families::add);
    families.add(jvmMemory());
    return families;
  }

  private Optional<MetricFamilySamples> cpu() {
    return read("stat")
        .map(stat -> {
          // The name in parentheses may hold blanks; the third field follows the last one.
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
          return new CounterMetricFamily("process_cpu_seconds", "CPU time used.", List.of("mode"))
              .addMetric(List.of("user"), Long.parseLong(fields[11]) / TICKS_PER_SECOND)
              .addMetric(List.of("system"), Long.parseLong(fields[12]) / TICKS_PER_SECOND);
        });
  }

  private Optional<MetricFamilySamples> residentMemory() {
    return read("status")
        .map(status ->
            new GaugeMetricFamily(
                    "process_memory_bytes", "Memory the process holds.", List.of("type"))
                .addMetric(List.of("rss"), kibibytes(status, "VmRSS"))
                .addMetric(List.of("anonymous"), kibibytes(status, "RssAnon"))
                .addMetric(List.of("file"), kibibytes(status, "RssFile"))
                .addMetric(List.of("swap"), kibibytes(status, "VmSwap")));
  }

  private Optional<MetricFamilySamples> threads() {
    return field("status", "Threads:")
        .map(count ->
            new GaugeMetricFamily(
                "process_os_threads", "Threads the operating system schedules.", count));
  }

  private Optional<MetricFamilySamples> descriptors() {
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      // The one that the list itself is read through is not counted.
      return Optional.of(
          new GaugeMetricFamily("process_open_fds", "Open file descriptors.", open.count() - 1));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private Optional<MetricFamilySamples> descriptorLimit() {
    return field("limits", "Max open files")
        .map(limit -> new GaugeMetricFamily("process_max_fds", "Descriptors it may open.", limit));
  }

  private MetricFamilySamples jvmMemory() {
    MemoryUsage heap = memory.getHeapMemoryUsage();
    MemoryUsage other = memory.getNonHeapMemoryUsage();
    return new GaugeMetricFamily(
            "jvm_memory_used_bytes", "Memory the JVM uses.", List.of("jvm_memory_type"))
        .addMetric(List.of("heap"), heap.getUsed())
        .addMetric(List.of("non_heap"), other.getUsed());
  }

  private static double kibibytes(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024)
        .orElse(0.0);
  }

  /// The first number after a line's title; empty where it is not a number, such as `unlimited`.
  private Optional<Double> field(String file, String title) {
    return read(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(title))
        .map(line -> line.substring(title.length()).strip().split("\\s+")[0])
        .filter(number -> number.matches("[0-9]+"))
        .map(Double::valueOf)
        .findFirst();
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(proc.resolve(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
