package com.telconova.local.bench;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What figures were taken on, and of what.
///
/// @param processor its model
/// @param cores how many this process may use
/// @param memoryMebibytes of the machine
/// @param commit what was checked out, with `+` when files differ from it
/// @param load how many processes wanted a core just before, on average of a minute; NaN unknown
record MachineFacts(
    String processor,
    int cores,
    long memoryMebibytes,
    String kernel,
    String java,
    String commit,
    double load) {

  static MachineFacts look(Checkout checkout) {
    return new MachineFacts(
        field("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"),
        commitOf(checkout),
        average());
  }

  /// On one line.
  String text() {
    return "%s, %d cores, %,d MiB, %s, Java %s"
        .formatted(processor, cores, memoryMebibytes, kernel, java);
  }

  private static long memory() {
    var kibibytes = field("/proc/meminfo", "MemTotal", "0").replaceAll("\\D", "");
    return kibibytes.isEmpty() ? 0 : Long.parseLong(kibibytes) / 1024;
  }

  private static double average() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static String field(String file, String name, String otherwise) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String commitOf(Checkout checkout) {
    var commit = git(checkout, "rev-parse", "--short", "HEAD");
    return commit + (git(checkout, "status", "--porcelain", "-uno").isEmpty() ? "" : "+");
  }

  private static String git(Checkout checkout, String... arguments) {
    try {
      var command = new java.util.ArrayList<>(List.of("git", "-C", checkout.root().toString()));
      command.addAll(List.of(arguments));
      var git = new ProcessBuilder(command).redirectErrorStream(true).start();
      git.getOutputStream().close();
      var text = new String(git.getInputStream().readAllBytes()).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? text : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
