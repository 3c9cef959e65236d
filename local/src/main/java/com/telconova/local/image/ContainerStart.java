package com.telconova.local.image;

import com.telconova.local.lab.Birth;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.LogTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// How long a container took until its first 200 on `/health/ready`.
///
/// @param asked milliseconds since `docker start`, which takes some itself
/// @param exec milliseconds since its process became `java`; NaN where there is no `/proc`
/// @param residentBytes of its process then; NaN likewise
record ContainerStart(double asked, double exec, double residentBytes) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Path PROC = Path.of("/proc");

  /// Makes a container, starts it, waits until it is ready, and takes it away.
  static ContainerStart of(Docker docker, String service, Map<String, String> settings, URI admin)
      throws IOException, InterruptedException {
    var id = docker.create(service, settings);
    try {
      var seen = processes();
      long begin = System.nanoTime();
      var started = CompletableFuture.runAsync(() -> start(docker, id));
      long exec = 0;
      String pid = null;
      while (!isReady(admin)) {
        if (exec == 0) {
          pid = java(id, seen);
          exec = pid == null ? 0 : System.nanoTime();
        }
        if (started.isDone()) {
          started.join();
          if (pid != null && !Files.exists(PROC.resolve(pid))) {
            throw notStarted(docker, service, id);
          }
        }
        if (System.nanoTime() - begin > LIMIT.toNanos()) {
          throw notStarted(docker, service, id);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      long ready = System.nanoTime();
      started.join();
      return new ContainerStart(
          (ready - begin) / 1e6,
          exec == 0 ? Double.NaN : (ready - exec) / 1e6,
          pid == null ? Double.NaN : resident(pid));
    } catch (CompletionException e) {
      throw new StepFailed(service + " did not start: " + e.getCause().getMessage());
    } finally {
      docker.output("rm", "--force", id);
    }
  }

  private static void start(Docker docker, String id) {
    try {
      docker.output("start", id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReady(URI admin) {
    try {
      return Birth.isReady(admin);
    } catch (IOException notYet) {
      return false;
    }
  }

  private static StepFailed notStarted(Docker docker, String service, String id)
      throws IOException, InterruptedException {
    var lines = LogTail.readable(docker.output("logs", "--tail", "8", id).lines().toList());
    return new StepFailed(service + " did not start: " + String.join(" / ", lines));
  }

  private static Set<String> processes() throws IOException {
    if (!Files.isDirectory(PROC)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(PROC)) {
      var numbers = new HashSet<String>();
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> Character.isDigit(name.charAt(0)))
          .forEach(numbers::add);
      return numbers;
    }
  }

  // By what everybody may read of a process. Before it is java it is the runtime that made the
  // container, in the same control group already.
  private static String java(String id, Set<String> seen) throws IOException {
    for (var pid : processes()) {
      if (!seen.contains(pid) && first(pid, "comm").equals("java")) {
        if (read(pid, "cgroup").stream().anyMatch(line -> line.contains(id))) {
          return pid;
        }
        seen.add(pid);
      }
    }
    return null;
  }

  private static double resident(String pid) {
    return read(pid, "status").stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String first(String pid, String file) {
    var lines = read(pid, file);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static List<String> read(String pid, String file) {
    try {
      return Files.readAllLines(PROC.resolve(pid).resolve(file));
    } catch (IOException ended) {
      return List.of();
    }
  }
}
