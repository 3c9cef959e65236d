package com.telconova.local.lab;

import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Lifeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A program of an experiment, running: it is told lines and tells lines. Closing kills it, and it
/// ends with us at the latest.
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final String name;
  private final Process process;
  private final Lifeline lifeline;
  private final Writer input;
  // Only its answers: some lines, and then that there are no more.
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  /// @param errors where its standard error goes
  Child(List<String> command, Map<String, String> environment, Path errors, Lifeline lifeline) {
    this.name = String.join(" ", command.subList(command.indexOf("-cp") + 2, command.size()));
    this.lifeline = lifeline;
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
      builder.environment().putAll(environment);
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lifeline.watch(process.pid(), "KILL");
    this.input = process.outputWriter();
    Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    try (var reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      // It was killed.
    }
    lines.add(Optional.empty());
  }

  long pid() {
    return process.pid();
  }

  /// Tells it a line.
  void tell(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new StepFailed(name + " has ended: " + e.getMessage());
    }
  }

  /// Waits for its next line, which begins with this word.
  ///
  /// @return what follows the word, by blanks
  /// @throws StepFailed when another line comes, or none
  List<String> await(String word) {
    var line = next();
    if (!line.equals(word) && !line.startsWith(word + " ")) {
      throw new StepFailed(name + " said '" + line + "' and not " + word);
    }
    var rest = line.substring(word.length()).strip();
    return rest.isEmpty() ? List.of() : Arrays.asList(rest.split(" "));
  }

  /// As [#await], of numbers.
  double[] numbers(String word) {
    return await(word).stream().mapToDouble(Double::parseDouble).toArray();
  }

  /// All that it says until its end.
  List<String> rest() {
    var all = new ArrayList<String>();
    for (var line = poll(); line.isPresent(); line = poll()) {
      all.add(line.get());
    }
    return all;
  }

  private String next() {
    return poll().orElseThrow(() -> new StepFailed(name + " ended before it was done"));
  }

  private Optional<String> poll() {
    try {
      var line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new StepFailed(name + " said nothing for " + PATIENCE.toSeconds() + " s");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed("interrupted");
    }
  }

  /// Waits for its end.
  ///
  /// @return its exit code: 128 and the signal's number where a signal ended it
  int awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StepFailed(name + " did not end in " + PATIENCE.toSeconds() + " s");
      }
      lifeline.release(process.pid());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed("interrupted");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lifeline.release(process.pid());
  }
}
