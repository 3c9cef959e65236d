package com.telconova.local.load;

import com.telconova.local.load.Target.Watched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// What a process used since it began, and has now, at one moment. From `/proc`, and from its
/// `/metrics` what only it knows.
///
/// @param answered how many requests of the run were answered by then
/// @param nanos the moment, of [System#nanoTime]
/// @param metrics sums over all labels, by name; for CPU and switches one each by label
record Snapshot(
    long answered,
    long nanos,
    double cpuUserMillis,
    double cpuSystemMillis,
    long residentBytes,
    OptionalLong proportionalBytes,
    OptionalLong threads,
    OptionalLong descriptors,
    OptionalLong voluntary,
    OptionalLong involuntary,
    Map<String, Double> metrics) {

  // The kernel counts in ticks for user space, 100 a second on every Linux there is.
  private static final double TICK_MILLIS = 10;
  private static final Duration TIME = Duration.ofSeconds(5);

  /// Takes one; empty when the process has ended, or the system has no `/proc`.
  ///
  /// @param answered asked at the moment it counts for
  /// @param whole with what takes longer: shares of memory, descriptors
  static Optional<Snapshot> of(
      Watched process, HttpClient http, LongSupplier answered, boolean whole) {
    try {
      var metrics = process.admin().isPresent() ? metrics(process, http) : Map.<String, Double>of();
      var sum = new Sum();
      long count = answered.getAsLong();
      long now = System.nanoTime();
      for (long pid : pids(process)) {
        try {
          boolean parent = process.tree() && pid == process.pid();
          sum.add(Path.of("/proc", Long.toString(pid)), parent, whole);
        } catch (IOException | UncheckedIOException ended) {
          if (pid == process.pid()) {
            return Optional.empty();
          }
        }
      }
      return Optional.of(sum.snapshot(count, now, metrics));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// What was used between two.
  static Cost between(String name, boolean tree, Snapshot from, Snapshot to) {
    return new Cost(
        name,
        to.answered - from.answered,
        (to.nanos - from.nanos) / 1e9,
        to.cpuUserMillis - from.cpuUserMillis,
        to.cpuSystemMillis - from.cpuSystemMillis,
        tree ? to.proportionalBytes.orElse(to.residentBytes) : to.residentBytes,
        to.proportionalBytes,
        to.threads,
        to.descriptors,
        switches("voluntary", from, to, from.voluntary, to.voluntary),
        switches("involuntary", from, to, from.involuntary, to.involuntary),
        collections(from, to),
        counted("jvm_memory_allocated_bytes_total", from, to));
  }

  // What a process says of itself counts threads that have ended, too.
  private static OptionalLong switches(
      String type, Snapshot from, Snapshot to, OptionalLong before, OptionalLong after) {
    var told = counted("process_context_switches_total." + type, from, to);
    return told.isPresent() || before.isEmpty() || after.isEmpty()
        ? told
        : OptionalLong.of(Math.max(0, after.getAsLong() - before.getAsLong()));
  }

  private static Optional<Cost.Collections> collections(Snapshot from, Snapshot to) {
    var count = counted("jvm_gc_duration_seconds_count", from, to);
    var seconds = "jvm_gc_duration_seconds_sum";
    return count.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Cost.Collections(
                count.getAsLong(),
                to.metrics.getOrDefault(seconds, 0.0) - from.metrics.getOrDefault(seconds, 0.0)));
  }

  private static OptionalLong counted(String metric, Snapshot from, Snapshot to) {
    return from.metrics.containsKey(metric) && to.metrics.containsKey(metric)
        ? OptionalLong.of((long) (to.metrics.get(metric) - from.metrics.get(metric)))
        : OptionalLong.empty();
  }

  private static List<Long> pids(Watched process) {
    var handle = ProcessHandle.of(process.pid());
    return handle.stream()
        .flatMap(h -> process.tree() ? Stream.concat(Stream.of(h), h.descendants()) : Stream.of(h))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static Map<String, Double> metrics(Watched process, HttpClient http) throws IOException {
    var request =
        HttpRequest.newBuilder(process.admin().orElseThrow().resolve("/metrics"))
            .timeout(TIME)
            .build();
    try {
      return parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException noAnswer) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// The few families that are told of, each as the sum over its labels.
  static Map<String, Double> parse(String text) {
    var sums = new HashMap<String, Double>();
    text.lines()
        .filter(line ->
            line.startsWith("process_context_switches_total{")
                || line.startsWith("jvm_gc_duration_seconds_")
                || line.startsWith("jvm_memory_allocated_bytes_total"))
        .forEach(line -> {
          int labels = line.indexOf('{');
          int value = line.indexOf(' ', Math.max(labels < 0 ? 0 : line.indexOf('}'), 0));
          var name = line.substring(0, labels < 0 ? value : labels);
          if (name.equals("process_context_switches_total")) {
            name += line.contains("\"involuntary\"") ? ".involuntary" : ".voluntary";
          }
          sums.merge(
              name, Double.parseDouble(line.substring(value).strip().split(" ")[0]), Double::sum);
        });
    return sums;
  }

  private static final class Sum {
    private double user;
    private double system;
    private long resident;
    private OptionalLong proportional = OptionalLong.empty();
    private OptionalLong descriptors = OptionalLong.empty();
    private long threads;
    private long voluntary;
    private long involuntary;
    private boolean hidden;

    // What children used that have ended is in their parent's account, and there only at the root:
    // each in between is there itself.
    void add(Path proc, boolean parent, boolean whole) throws IOException {
      // The second field is the program's name in parentheses, which may hold anything.
      var stat = Files.readString(proc.resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      user += (number(fields[11]) + (parent ? number(fields[13]) : 0)) * TICK_MILLIS;
      system += (number(fields[12]) + (parent ? number(fields[14]) : 0)) * TICK_MILLIS;
      threads += number(fields[17]);
      try (var tasks = Files.newDirectoryStream(proc.resolve("task"))) {
        for (var task : tasks) {
          addSwitches(task);
        }
      }
      for (var line : Files.readAllLines(proc.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          resident += digits(line) * 1024;
        }
      }
      if (whole) {
        addWhole(proc);
      }
    }

    private void addSwitches(Path task) {
      try {
        for (var line : Files.readAllLines(task.resolve("status"))) {
          if (line.startsWith("voluntary_ctxt_switches:")) {
            voluntary += digits(line);
          } else if (line.startsWith("nonvoluntary_ctxt_switches:")) {
            involuntary += digits(line);
          }
        }
      } catch (IOException ended) {
        // The thread has.
      }
    }

    private void addWhole(Path proc) {
      try (var lines = Files.lines(proc.resolve("smaps_rollup"))) {
        long share = lines.filter(l -> l.startsWith("Pss:")).mapToLong(Sum::digits).sum() * 1024;
        proportional = OptionalLong.of(proportional.orElse(0) + share);
      } catch (IOException | UncheckedIOException notTold) {
        hidden = true;
      }
      try (var files = Files.list(proc.resolve("fd"))) {
        descriptors = OptionalLong.of(descriptors.orElse(0) + files.count());
      } catch (IOException | UncheckedIOException notTold) {
        hidden = true;
      }
    }

    Snapshot snapshot(long answered, long nanos, Map<String, Double> metrics) {
      return new Snapshot(
          answered,
          nanos,
          user,
          system,
          resident,
          hidden ? OptionalLong.empty() : proportional,
          OptionalLong.of(threads),
          hidden ? OptionalLong.empty() : descriptors,
          OptionalLong.of(voluntary),
          OptionalLong.of(involuntary),
          metrics);
    }

    private static long number(String field) {
      return Long.parseLong(field);
    }

    private static long digits(String line) {
      return number(line.replaceAll("\\D+", ""));
    }
  }
}
