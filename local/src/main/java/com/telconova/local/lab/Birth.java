package com.telconova.local.lab;

import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Watches a service come up, from outside: its executable, its threads' names, its ports. All
/// times are seconds since just before it was started.
///
/// @param exec its process is `java`
/// @param jvm there is a thread "VM Thread"
/// @param admin its private port takes connections
/// @param api its API's port does
/// @param ready its readiness is 200
/// @param cpu processor seconds until then
/// @param cached whether it has an AOT cache mapped
public record Birth(
    double exec,
    double jvm,
    double admin,
    double api,
    double ready,
    double cpu,
    double minorFaults,
    double majorFaults,
    double resident,
    boolean cached) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(1);

  /// Starts a service that has ended, and waits until it is ready.
  public static Birth of(Service service) {
    long begin = System.nanoTime();
    service.restart();
    var proc = Path.of("/proc", Long.toString(service.pid()));
    double exec = when(begin, service, () -> isJava(proc));
    double jvm = when(begin, service, () -> hasThread(proc, "VM Thread"));
    double admin = when(begin, service, () -> takesConnections(service.adminUrl()));
    double api = when(begin, service, () -> takesConnections(service.url()));
    double ready = when(begin, service, () -> isReady(service.adminUrl()));
    var reading = Reading.of(service.pid());
    return new Birth(
        exec,
        jvm,
        admin,
        api,
        ready,
        reading.value("process_cpu_seconds_total"),
        reading.faults("minor"),
        reading.faults("major"),
        reading.resident(),
        hasCache(proc));
  }

  private interface Look {
    boolean see() throws IOException;
  }

  private static double when(long begin, Service service, Look look) {
    while (true) {
      try {
        if (look.see()) {
          return (System.nanoTime() - begin) / 1e9;
        }
      } catch (IOException | DirectoryIteratorException notYet) {
        // It goes on starting.
      }
      if (!service.isAlive() || System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new StepFailed(service.label() + " did not start; its log is " + service.log());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isJava(Path proc) throws IOException {
    return Files.readSymbolicLink(proc.resolve("exe")).endsWith("java");
  }

  private static boolean hasThread(Path proc, String name) throws IOException {
    try (var tasks = Files.newDirectoryStream(proc.resolve("task"))) {
      for (var task : tasks) {
        if (Files.readString(task.resolve("comm")).strip().equals(name)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean takesConnections(URI url) throws IOException {
    try (var _ = connect(url)) {
      return true;
    }
  }

  /// Whether a private port answers 200 to `/health/ready`.
  ///
  /// @throws IOException while nothing answers
  public static boolean isReady(URI url) throws IOException {
    try (var socket = connect(url)) {
      socket.setSoTimeout(2_000);
      var request = "GET /health/ready HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return head.endsWith(" 200");
    }
  }

  private static Socket connect(URI url) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 1_000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static boolean hasCache(Path proc) {
    try (var lines = Files.lines(proc.resolve("maps"))) {
      return lines.anyMatch(line -> line.endsWith(".aot"));
    } catch (IOException e) {
      return false;
    }
  }
}
