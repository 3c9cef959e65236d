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

/// Starts our own modules as processes, with the flags of `docker/jvm.args`, which are for a small
/// task.
final class JavaProcess {

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

  /// What the build left, run by the Java that runs this.
  Program built(String module) {
    var jar = checkout.root().resolve(module + "/target/" + module + ".jar");
    if (!Files.exists(jar)) {
      throw new StartFailed(jar + " is missing: build first (./microflow does).");
    }
    return new Program(
        checkout.folder(),
        Path.of(System.getProperty("java.home"), "bin/java"),
        checkout.root().resolve("docker/jvm.args"),
        jar);
  }

  /// Starts a program with exactly these settings; its output goes to `logs/<label>.log`.
  ///
  /// @param label what people call the process
  /// @param flags of its JVM beside the usual ones
  /// @param grace how long it may take to stop
  ChildProcess start(
      Program program,
      String label,
      Map<String, String> settings,
      List<String> flags,
      Duration grace) {
    var command = new ArrayList<String>();
    command.add(program.java().toString());
    command.add("@" + program.flags());
    command.addAll(flags);
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-jar", program.jar().toString()));
    var environment = new HashMap<>(settings);
    environment.putAll(ALLOCATOR);
    var process =
        ChildProcess.start(
            label,
            command,
            program.folder(),
            environment,
            logs.resolve(label + ".log"),
            new ChildProcess.Stop("TERM", grace),
            lifeline);
    leftovers.add(process.pid(), label);
    return process;
  }
}
