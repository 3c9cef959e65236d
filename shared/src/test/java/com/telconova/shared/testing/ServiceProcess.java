package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A service in a JVM of its own, from the jar that the build made of it: for what depends on a
/// heap's size, on descriptors, or on being killed. It listens on the same ports each time it is
/// started, and ends with this JVM at the latest. Not thread-safe.
public final class ServiceProcess implements AutoCloseable {
  // As `microflow up` has them, but for the heap and its collector.
  private static final List<String> FLAGS =
      List.of(
          "-Xss512k",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+PerfDisableSharedMem",
          "-XX:FlightRecorderOptions:maxchunksize=1m,memorysize=4m,stackdepth=32",
          "-Dfile.encoding=UTF-8");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final String module;
  private final List<String> command = new ArrayList<>();
  private final Map<String, String> environment;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final Path log;
  private final Lifeline lifeline = Lifeline.open();
  private final HttpClient http = HttpClient.newHttpClient();
  private ChildProcess process;

  private ServiceProcess(
      String module, List<String> flags, Map<String, String> settings, Path log) {
    this.module = module;
    this.log = log;
    Path jar = Checkout.find().root().resolve(module + "/target/" + module + ".jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: mvn package makes it");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(FLAGS);
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    environment = new HashMap<>(settings);
    environment.put("MALLOC_ARENA_MAX", "2");
    environment.put("HTTP_PORT", Integer.toString(port));
    environment.put("ADMIN_PORT", Integer.toString(adminPort));
  }

  /// Starts a service and waits until it is ready.
  ///
  /// @param module `auth`, `workorder` or `tracking`
  /// @param flags its heap's size and collector
  /// @param settings its environment but for the ports: [Bench#environment] and what it needs
  ///   beside
  public static ServiceProcess start(
      String module, List<String> flags, Map<String, String> settings) {
    Path log = Checkout.find().scratch(module + "-process").resolve("log");
    ServiceProcess service = new ServiceProcess(module, flags, settings, log);
    try {
      service.start();
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /// Starts it again after [#kill], and waits until it is ready.
  public void start() {
    process =
        ChildProcess.start(
            module,
            command,
            log.getParent(),
            environment,
            log,
            new ChildProcess.Stop("TERM", GRACE),
            lifeline);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadline || endsWithin(50)) {
        throw new IllegalStateException(
            module + " did not start: " + String.join("\n", process.lastLines(20)));
      }
    }
  }

  /// Ends it as a crash would (SIGKILL), and waits until it is gone.
  public void kill() {
    process.process().destroyForcibly();
    process.await(GRACE);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// The API's port.
  public int port() {
    return port;
  }

  /// The private port: health, metrics, recordings.
  public int adminPort() {
    return adminPort;
  }

  /// Its number among the machine's processes.
  public long pid() {
    return process.pid();
  }

  /// A number of `/metrics`: the sum over all series whose name and labels begin like this.
  public double metric(String series) {
    return admin("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /// What the process has of physical memory at the moment (Linux).
  public int residentMebibytes() {
    return status("VmRSS:");
  }

  /// The most that it ever had (Linux).
  public int peakResidentMebibytes() {
    return status("VmHWM:");
  }

  /// How many descriptors it has open (Linux).
  public int openDescriptors() {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The last lines of its log.
  public List<String> lastLines(int count) {
    return process.lastLines(count);
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    http.close();
    lifeline.close();
    Checkout.delete(log.getParent());
  }

  private boolean isReady() {
    try {
      return admin("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ConnectException) {
        return false;
      }
      throw e;
    }
  }

  private boolean endsWithin(int millis) {
    try {
      return process.process().waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> admin(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
              .timeout(Duration.ofSeconds(20))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private int status(String name) {
    try (Stream<String> lines = Files.lines(proc("status"))) {
      String line = lines.filter(each -> each.startsWith(name)).findFirst().orElseThrow();
      return Integer.parseInt(line.replaceAll("\\D", "")) / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
