package com.telconova.local.bench;

import com.telconova.local.steps.StepFailed;
import com.telconova.shared.database.DatabaseConfig;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// PostgreSQL's own load generator: what the database does for a client that does nothing else. A
/// service that sends the same SQL cannot be faster.
final class Pgbench {
  /// What to do without it.
  static final String MISSING =
      "pgbench is not on this machine (PATH, /usr/lib/postgresql/*/bin): install it, by"
          + " `apt install postgresql-contrib` or `brew install postgresql`.";

  private static final int CLIENTS = 10;
  private static final int THREADS = 2;
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+)");
  private static final Pattern FAILED =
      Pattern.compile("(?m)^number of failed transactions: (\\d+)");

  private final Path program;

  private Pgbench(Path program) {
    this.program = program;
  }

  /// The newest there is.
  static Optional<Pgbench> find() {
    var folders = new ArrayList<Path>();
    for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      folders.add(Path.of(folder));
    }
    var versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (var found = Files.list(versions)) {
        found.sorted(Comparator.reverseOrder()).forEach(v -> folders.add(v.resolve("bin")));
      } catch (IOException e) {
        // Then there is none.
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve("pgbench"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Pgbench::new);
  }

  /// What it says of itself.
  String version() {
    try {
      var process = new ProcessBuilder(program.toString(), "--version").start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return program.toString();
    }
  }

  /// The command that [#run] gives, without what it needs to get in.
  static String command(Duration time) {
    return "pgbench -n -M prepared -c %d -j %d -T %d -f script.sql microflow"
        .formatted(CLIENTS, THREADS, time.toSeconds());
  }

  /// Runs a script for so long.
  ///
  /// @param variables for the script
  /// @return transactions a second
  /// @throws StepFailed when it fails, or any transaction of it did
  double run(DatabaseConfig database, Path script, Map<String, String> variables, Duration time)
      throws IOException, InterruptedException {
    var url = URI.create(database.url().substring("jdbc:".length()));
    var command = new ArrayList<String>();
    command.addAll(List.of(program.toString(), "-n", "-M", "prepared"));
    command.addAll(List.of("-c", Integer.toString(CLIENTS), "-j", Integer.toString(THREADS)));
    command.addAll(List.of("-T", Long.toString(Math.max(1, time.toSeconds()))));
    command.addAll(List.of("-h", url.getHost(), "-p", Integer.toString(url.getPort())));
    command.addAll(List.of("-U", database.user(), "-f", script.toString()));
    variables.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
    command.add(url.getPath().substring(1));
    var output = Files.createTempFile(script.getParent(), "pgbench", ".log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("PGPASSWORD", database.password().value());
    var process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(time.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StepFailed("pgbench did not end");
      }
      var text = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new StepFailed("pgbench failed: " + firstError(text));
      }
      return rate(text);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  /// Reads what it prints at its end.
  ///
  /// @throws StepFailed when there is no rate in it, or anything failed
  static double rate(String output) {
    var failed = FAILED.matcher(output);
    if (failed.find() && !failed.group(1).equals("0")) {
      throw new StepFailed(failed.group(1) + " of pgbench's transactions failed");
    }
    var rate = RATE.matcher(output);
    if (!rate.find()) {
      throw new StepFailed("pgbench told no rate: " + firstError(output));
    }
    return Double.parseDouble(rate.group(1));
  }

  private static String firstError(String text) {
    return text.lines()
        .filter(line -> line.contains("ERROR") || line.contains("error") || line.contains("FATAL"))
        .findFirst()
        .orElse(text.strip());
  }
}
