package com.telconova.local;

import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A microflow command as a process of its own, the way the script starts it.
final class Command implements AutoCloseable {

  private static final Duration TIME = Duration.ofSeconds(180);

  private final Process process;
  private final Path output;

  /// @param root the checkout that it works in
  Command(Path root, String... arguments) throws IOException {
    output = root.resolve(".microflow/output-" + System.nanoTime());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("-Djava.io.tmpdir=" + root.resolve(".microflow/tmp"));
    var jar = Checkout.find().root().resolve("local/target/local.jar");
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MICROFLOW_HOME", root.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    // Nothing may depend on the machine's own folder for temporary files.
    builder.environment().put("TMPDIR", root.resolve("no such folder").toString());
    process = builder.redirectOutput(output.toFile()).start();
  }

  long pid() {
    return process.pid();
  }

  /// What it printed so far.
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until it has printed this.
  void awaitOutput(String text) {
    await()
        .alias("'" + text + "' in the output")
        .atMost(TIME)
        .failFast(() -> {
          if (!process.isAlive() && !output().contains(text)) {
            throw new AssertionError("it ended first: " + output());
          }
        })
        .until(() -> output().contains(text));
  }

  /// Sends a signal, such as INT.
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
  }

  /// Waits for its end.
  ///
  /// @return the exit code, 128 and the signal's number after a signal
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
