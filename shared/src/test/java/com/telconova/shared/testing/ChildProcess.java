package com.telconova.shared.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process that ends with whoever started it: asked by its own signal, then, when the grace is
/// over, killed. It runs in a session of its own, so that Ctrl-C in a terminal reaches its parent
/// only, which then stops its children in order. Closing twice is fine.
public final class ChildProcess implements AutoCloseable {

  private final String name;
  private final Process process;
  private final Path log;
  private final Stop stop;
  private final Lifeline lifeline;

  /// How a process is asked to end.
  ///
  /// @param signal a name without SIG
  /// @param grace from the signal to SIGKILL
  public record Stop(String signal, Duration grace) {}

  private ChildProcess(String name, Process process, Path log, Stop stop, Lifeline lifeline) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.stop = stop;
    this.lifeline = lifeline;
  }

  /// Starts a process with exactly this environment and PATH; its output goes to `log`, anew.
  ///
  /// @param name what people call it, for messages
  /// @throws UncheckedIOException if the program cannot be started
  public static ChildProcess start(
      String name,
      List<String> command,
      Path directory,
      Map<String, String> environment,
      Path log,
      Stop stop,
      Lifeline lifeline) {
    var builder = new ProcessBuilder(inOwnSession(command)).redirectErrorStream(true);
    builder.directory(directory.toFile()).redirectOutput(log.toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      var process = builder.start();
      try {
        lifeline.watch(process.pid(), stop.signal());
      } catch (IllegalStateException e) {
        process.destroyForcibly();
        throw e;
      }
      return new ChildProcess(name, process, log, stop, lifeline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The process's number; it stays the same, being replaced in place by each program it becomes.
  public long pid() {
    return process.pid();
  }

  /// False once it ended, for whatever reason.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// The process itself, for those who wait for its end.
  public Process process() {
    return process;
  }

  /// Waits for its end.
  ///
  /// @return its exit code
  /// @throws IllegalStateException past the time
  public int await(Duration time) {
    try {
      if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        lifeline.release(process.pid());
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException(name + " did not end in " + time.toSeconds() + " s: " + log);
  }

  /// Where its output goes.
  public Path log() {
    return log;
  }

  /// The last lines of its output so far, oldest first.
  public List<String> lastLines(int count) {
    try {
      var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        signal(stop.signal());
        if (!process.waitFor(stop.grace().toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          process.waitFor(5, TimeUnit.SECONDS);
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    lifeline.release(process.pid());
  }

  @Override
  public String toString() {
    return name + " (pid " + process.pid() + ")";
  }

  /// Prefixes a command so that it runs in a new session: with `setsid` (Linux), else Perl (macOS);
  /// without both it shares ours. Neither forks here, so the pid is the command's own.
  public static List<String> inOwnSession(List<String> command) {
    var prefixed = new ArrayList<String>();
    if (onPath("setsid")) {
      prefixed.add("setsid");
    } else if (onPath("perl")) {
      prefixed.addAll(List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV"));
    }
    prefixed.addAll(command);
    return prefixed;
  }

  /// Whether a program of this name is on PATH.
  static boolean onPath(String program) {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  /// Sends a signal: Java itself sends SIGTERM and SIGKILL only, and PostgreSQL wants SIGINT.
  ///
  /// @param name without SIG
  public void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (IOException e) {
      process.destroy();
    }
  }
}
