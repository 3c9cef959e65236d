package com.telconova.local.workbench;

import com.telconova.local.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The pids of what a run started, on disk, so that the next run can stop what a killed one left.
/// Mostly the run's lifeline was faster.
final class Leftovers implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Path file;
  private final String ours;

  /// @param file one pid and name a line
  /// @param ours stands in the command line of everything we start: a reused pid is not ours
  Leftovers(Path file, String ours) {
    this.file = file;
    this.ours = ours;
  }

  /// Notes a process that was just started.
  synchronized void add(long pid, String name) {
    try {
      Files.writeString(
          file, pid + " " + name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops what a former run left running, newest first, and says so; waits until it is gone.
  void stop(Terminal terminal) {
    for (var line : lines().reversed()) {
      var words = line.split(" ", 2);
      ProcessHandle.of(Long.parseLong(words[0]))
          .filter(this::isOurs)
          .ifPresent(process -> {
            terminal.warning(
                "stopping " + words[1] + " (pid " + process.pid() + "), left by a killed run");
            stop(process);
          });
    }
    close();
  }

  @Override
  public synchronized void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOurs(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(ours);
  }

  private static void stop(ProcessHandle process) {
    process.destroy();
    CompletableFuture<ProcessHandle> end = process.onExit();
    try {
      end.get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
