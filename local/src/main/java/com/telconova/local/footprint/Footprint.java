package com.telconova.local.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Memory, threads, descriptors and CPU of one process at one moment.
///
/// @param residentBytes memory in RAM (RSS)
/// @param threads operating-system threads; empty where the system does not tell
/// @param descriptors open files, sockets and pipes; empty where the system does not tell
/// @param cpu user and system time since its start
public record Footprint(
    long residentBytes, OptionalLong threads, OptionalLong descriptors, Duration cpu) {

  // The kernel counts CPU in ticks for user space, 100 a second on every Linux there is.
  private static final long TICKS_PER_SECOND = 100;

  /// Measures a process; empty if it has ended.
  public static Optional<Footprint> of(long pid) {
    var proc = Path.of("/proc", Long.toString(pid));
    try {
      return Optional.of(Files.isDirectory(proc) ? fromProc(proc) : fromPs(pid));
    } catch (IOException | NumberFormatException ended) {
      return Optional.empty();
    }
  }

  /// The sum of a process and all its descendants, such as PostgreSQL's. Memory that they share is
  /// counted once where the system tells it apart (PSS), else in each.
  public static Optional<Footprint> ofTree(long pid) {
    var tree =
        ProcessHandle.of(pid).stream().flatMap(h -> Stream.concat(Stream.of(h), h.descendants()));
    return tree.map(ProcessHandle::pid)
        .flatMap(p -> of(p).map(f -> f.withShare(Path.of("/proc", Long.toString(p)))).stream())
        .reduce(Footprint::plus);
  }

  private static Footprint fromProc(Path proc) throws IOException {
    long resident = 0;
    long threads = 0;
    for (var line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        resident = number(line) * 1024;
      } else if (line.startsWith("Threads:")) {
        threads = number(line);
      }
    }
    var descriptors = OptionalLong.empty();
    try (var files = Files.list(proc.resolve("fd"))) {
      descriptors = OptionalLong.of(files.count());
    } catch (IOException notOurs) {
      // Another user's.
    }
    // The second field is the program's name in parentheses, which may hold anything.
    var stat = Files.readString(proc.resolve("stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return new Footprint(
        resident,
        OptionalLong.of(threads),
        descriptors,
        Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND));
  }

  // macOS has no /proc: memory and CPU from ps.
  private static Footprint fromPs(long pid) throws IOException {
    var ps = new ProcessBuilder("ps", "-o", "rss=,time=", "-p", Long.toString(pid)).start();
    ps.getOutputStream().close();
    var words = new String(ps.getInputStream().readAllBytes()).strip().split("\\s+");
    if (words.length < 2) {
      throw new IOException("no process " + pid);
    }
    double seconds = 0;
    for (var part : words[1].split(":")) {
      seconds = seconds * 60 + Double.parseDouble(part);
    }
    return new Footprint(
        Long.parseLong(words[0]) * 1024,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Duration.ofMillis((long) (seconds * 1000)));
  }

  private Footprint withShare(Path proc) {
    try (var lines = Files.lines(proc.resolve("smaps_rollup"))) {
      var share = lines.filter(l -> l.startsWith("Pss:")).findFirst();
      return share
          .map(l -> new Footprint(number(l) * 1024, threads, descriptors, cpu))
          .orElse(this);
    } catch (IOException | java.io.UncheckedIOException notTold) {
      return this;
    }
  }

  private Footprint plus(Footprint other) {
    return new Footprint(
        residentBytes + other.residentBytes,
        plus(threads, other.threads),
        plus(descriptors, other.descriptors),
        cpu.plus(other.cpu));
  }

  private static OptionalLong plus(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
        : OptionalLong.empty();
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }
}
