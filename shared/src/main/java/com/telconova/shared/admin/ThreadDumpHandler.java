package com.telconova.shared.admin;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import com.sun.net.httpserver.HttpExchange;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// `GET /threads`: all threads and where they are, virtual ones included, as text, or as JSON for
/// whoever accepts only that.
final class ThreadDumpHandler {
  private final HotSpotDiagnosticMXBean jvm =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  void handle(HttpExchange exchange) throws IOException {
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    boolean json =
        accept != null && accept.contains("application/json") && !accept.contains("text/");
    exchange.getResponseHeaders().set("Vary", "Accept");
    exchange
        .getResponseHeaders()
        .set("Content-Type", json ? "application/json" : "text/plain; charset=utf-8");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    // The JVM writes dumps to files only, and only to new ones.
    Path folder = folder();
    Path file = folder.resolve("threads");
    try {
      jvm.dumpThreads(file.toString(), json ? ThreadDumpFormat.JSON : ThreadDumpFormat.TEXT_PLAIN);
      exchange.sendResponseHeaders(200, Files.size(file));
      try (OutputStream body = exchange.getResponseBody()) {
        Files.copy(file, body);
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("threads-");
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "A dump cannot be written here: " + CannotStart.reason(e), Duration.ofMinutes(1));
    }
  }
}
