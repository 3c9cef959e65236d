package com.telconova.local.load;

import com.telconova.local.load.Target.Watched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryIteratorException;
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
/// @param metrics sums over all labels, by name; for switches one each by type
/// @param answeredThen how many requests were answered when it told these
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
    Map<String, Double> metrics,
    long answeredThen) {

  // The kernel counts in ticks for user space, 100 a second on every Linux there is.
  private static final double TICK_MILLIS = 10;
  private static final Duration TIME = Duration.ofSeconds(5);

  /// Takes one; empty when the process has ended, or the system has no `/proc`.
  ///
  /// @param answered asked at the moment it counts for
  /// @param whole with what takes longer: shares of memory, descriptors
  static Optional<Snapshot> of(
      Watched process, HttpClient http, LongSupplier answered, boolean whole) {
    var sum = new Sum();
    long count = answered.getAsLong();
    long now = System.nanoTime();
    var folders = pids(process).stream().map(pid -> Path.of("/proc", Long.toString(pid))).toList();
    for (var folder : folders) {
      try {
        sum.addTimes(folder, process.tree() && folder.equals(folders.getFirst()));
      } catch (IOException | UncheckedIOException ended) {
        // It has, or there is no such folder on this system.
      }
    }
    if (sum.processes == 0) {
      return Optional.empty();
    }
    folders.forEach(folder -> sum.addState(folder, whole));
    var metrics = process.admin().map(admin -> metrics(admin, http)).orElse(Map.of());
    return Optional.of(sum.snapshot(count, now, metrics, answered.getAsLong()));
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
        scaled("jvm_memory_allocated_bytes_total", from, to));
  }

  // What a process says of itself counts threads that have ended, too.
  private static OptionalLong switches(
      String type, Snapshot from, Snapshot to, OptionalLong before, OptionalLong after) {
    var told = scaled("process_context_switches_total." + type, from, to);
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

  // A busy process tells its metrics late: as many as for the requests that are counted here.
  private static OptionalLong scaled(String metric, Snapshot from, Snapshot to) {
    var counted = counted(metric, from, to);
    long requests = to.answeredThen - from.answeredThen;
    return counted.isEmpty() || requests == 0
        ? OptionalLong.empty()
        : OptionalLong.of(
            Math.round((double) counted.getAsLong() / requests * (to.answered - from.answered)));
  }

  private static List<Long> pids(Watched process) {
    var handle = ProcessHandle.of(process.pid());
    return handle.stream()
        .flatMap(h -> process.tree() ? Stream.concat(Stream.of(h), h.descendants()) : Stream.of(h))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static Map<String, Double> metrics(URI admin, HttpClient http) {
    var request = HttpRequest.newBuilder(admin.resolve("/metrics")).timeout(TIME).build();
    try {
      return parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException noAnswer) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
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
    private int processes;

    // What children used that have ended is in their parent's account; it counts where the children
    // do.
    void addTimes(Path proc, boolean parent) throws IOException {
      // The second field is the program's name in parentheses, which may hold anything.
      var stat = Files.readString(proc.resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      user += (number(fields[11]) + (parent ? number(fields[13]) : 0)) * TICK_MILLIS;
      system += (number(fields[12]) + (parent ? number(fields[14]) : 0)) * TICK_MILLIS;
      threads += number(fields[17]);
      processes++;
    }

    void addState(Path proc, boolean whole) {
      try (var tasks = Files.newDirectoryStream(proc.resolve("task"))) {
        for (var task : tasks) {
          addSwitches(task);
        }
        for (var line : Files.readAllLines(proc.resolve("status"))) {
          if (line.startsWith("VmRSS:")) {
            resident += digits(line) * 1024;
          }
        }
      } catch (IOException | DirectoryIteratorException ended) {
        return;
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

    Snapshot snapshot(long answered, long nanos, Map<String, Double> metrics, long answeredThen) {
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
          metrics,
          answeredThen);
    }

    private static long number(String field) {
      return Long.parseLong(field);
    }

    private static long digits(String line) {
      return number(line.replaceAll("\\D+", ""));
    }
  }
}
