package com.telconova.local.workbench;

import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.ChildProcess;
import com.telconova.shared.testing.Lifeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts our own modules as processes: `java -jar <module>/target/<module>.jar`, with flags for a
/// small task.
final class JavaProcess {

  // 256 MiB is what a task gets on ECS; the heap is what that leaves beside metaspace, code,
  // threads and buffers. It starts small and the C library gives back what it does not use: idle,
  // workorder took 135 MiB with these flags and 177 without. Performance data,
  // which safepoints are counted in, stays in memory: it would be a file in /tmp. A recording is
  // written in parts of 1 MiB, not 12, so that what is kept of it can be small.
  private static final List<String> FLAGS =
      List.of(
          "-Xms8m",
          "-Xmx80m",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=48m",
          "-XX:TrimNativeHeapInterval=5000",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+PerfDisableSharedMem",
          "-XX:FlightRecorderOptions:maxchunksize=1m,memorysize=4m,stackdepth=32",
          "-Dfile.encoding=UTF-8");

  // One arena of glibc's allocator for all threads but one, not eight for each core.
  private static final Map<String, String> ALLOCATOR = Map.of("MALLOC_ARENA_MAX", "2");

  private final Checkout checkout;
  private final Path logs;
  private final Leftovers leftovers;
  private final Lifeline lifeline;

  JavaProcess(Checkout checkout, Path logs, Leftovers leftovers, Lifeline lifeline) {
    this.checkout = checkout;
    this.logs = logs;
    this.leftovers = leftovers;
    this.lifeline = lifeline;
  }

  /// Starts a module with exactly these settings; its output goes to `logs/<label>.log`.
  ///
  /// @param label what people call the process
  /// @param flags of its JVM beside the usual ones
  /// @param grace how long it may take to stop
  ChildProcess start(
      String module,
      String label,
      Map<String, String> settings,
      List<String> flags,
      Duration grace) {
    var jar = checkout.root().resolve(module + "/target/" + module + ".jar");
    if (!Files.exists(jar)) {
      throw new StartFailed(jar + " is missing: build first (./microflow does).");
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-jar", jar.toString()));
    var environment = new HashMap<>(settings);
    environment.putAll(ALLOCATOR);
    var process =
        ChildProcess.start(
            label,
            command,
            checkout.folder(),
            environment,
            logs.resolve(label + ".log"),
            new ChildProcess.Stop("TERM", grace),
            lifeline);
    leftovers.add(process.pid(), label);
    return process;
  }
}
