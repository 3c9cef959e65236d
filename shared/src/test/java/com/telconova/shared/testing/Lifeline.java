package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A tiny shell that outlives this JVM by a moment: it waits on a pipe that only the JVM holds, and
/// when the pipe ends without goodbye (kill -9, a crash, an out-of-memory kill) it stops every
/// process it was told to watch, newest first. So no child lives for ever. Thread-safe.
public final class Lifeline implements AutoCloseable {

  // One at a time and in order, each with 10 s of grace: services before the database they need.
  private static final String SCRIPT =
      """
      watched=
      while read -r verb pid signal; do
        case $verb in
        watch) watched="$pid:$signal $watched" ;;
        release)
          kept=
          for entry in $watched; do
            [ "${entry%%:*}" = "$pid" ] || kept="$kept$entry "
          done
          watched=$kept
          ;;
        esac
      done
      for entry in $watched; do
        pid=${entry%%:*}
        kill -s "${entry#*:}" "$pid" 2>/dev/null || continue
        tries=0
        while [ $tries -lt 100 ] && kill -0 "$pid" 2>/dev/null; do
          sleep 0.1
          tries=$((tries + 1))
        done
        kill -s KILL "$pid" 2>/dev/null
      done
      """;

  private final Process shell;
  private final Writer pipe;
  private boolean closed;

  private Lifeline(Process shell) {
    this.shell = shell;
    this.pipe = shell.outputWriter(StandardCharsets.US_ASCII);
  }

  /// Starts the shell, in a session of its own, so that a terminal's Ctrl-C does not reach it.
  public static Lifeline open() {
    var command = ChildProcess.inOwnSession(List.of("sh", "-c", SCRIPT, "microflow-lifeline"));
    try {
      return new Lifeline(
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The shell's own process.
  public long pid() {
    return shell.pid();
  }

  /// From now on `pid` gets `signal` (a name without SIG) when this JVM dies.
  ///
  /// @throws IllegalStateException after [#close]: whoever is still starting things must not
  public synchronized void watch(long pid, String signal) {
    if (closed) {
      throw new IllegalStateException("Stopping: nothing more is started");
    }
    tell("watch " + pid + " " + signal);
  }

  /// `pid` has ended: its number may come to belong to somebody else.
  public synchronized void release(long pid) {
    tell("release " + pid + " -");
  }

  /// Ends the shell, which first stops what it still watches, half-started things included.
  @Override
  public void close() {
    try {
      synchronized (this) {
        closed = true;
        pipe.close();
      }
      if (!shell.waitFor(60, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(String line) {
    try {
      pipe.write(line + "\n");
      pipe.flush();
    } catch (IOException e) {
      // The shell was killed. The children still end with close(); only a kill -9 would leave them.
    }
  }
}
