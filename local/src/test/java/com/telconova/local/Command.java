package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A microflow command as a process of its own, the way the script starts it.
final class Command implements AutoCloseable {

  private static final Duration TIME = Duration.ofSeconds(180);

  private final Process process;
  private final Path output;

  /// @param root the checkout that it works in
  Command(Path root, String... arguments) throws IOException {
    this(root, Map.of(), arguments);
  }

  /// @param environment added to the test's own
  Command(Path root, Map<String, String> environment, String... arguments) throws IOException {
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
    builder.environment().putAll(environment);
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

  /// Presses Ctrl-C, as it were, and makes sure that it ends in order by that.
  void interrupt() throws Exception {
    var ignored = isInterruptIgnored();
    signal(ignored ? "TERM" : "INT");
    assertThat(awaitEnd()).isEqualTo(ignored ? 143 : 130);
    assertThat(output())
        .contains("stopped; nothing is left running")
        .doesNotContain("microflow:", "Exception", "✗");
  }

  // A shell has what it starts in the background of a script ignore SIGINT, and whatever that
  // starts
  // in turn. When the tests run so, SIGTERM, which does the same, must do.
  private static boolean isInterruptIgnored() throws IOException {
    var status = Path.of("/proc/self/status"); // Linux only
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0b10) != 0);
  }

  /// Sends a signal, such as TERM.
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
