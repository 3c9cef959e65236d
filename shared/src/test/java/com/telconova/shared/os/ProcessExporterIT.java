package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A process says of itself what the field's own exporter says of it (process-exporter, as Debian
/// has it: `apt-get install prometheus-process-exporter`).
final class ProcessExporterIT {
  private static final String PREFIX = "namedprocess_namegroup_";

  /// What we call what it has: everything of it is here.
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("num_procs", "process_start_time_seconds"), // one process tells of itself
          Map.entry("cpu_seconds_total", "process_cpu_seconds_total"),
          Map.entry("read_bytes_total", "process_io_bytes_total"),
          Map.entry("write_bytes_total", "process_io_bytes_total"),
          Map.entry("major_page_faults_total", "process_page_faults_total"),
          Map.entry("minor_page_faults_total", "process_page_faults_total"),
          Map.entry("context_switches_total", "process_context_switches_total"),
          Map.entry("memory_bytes", "process_memory_bytes"),
          Map.entry("open_filedesc", "process_fds"),
          Map.entry("worst_fd_ratio", "process_max_fds"), // beside process_fds
          Map.entry("oldest_start_time_seconds", "process_start_time_seconds"),
          Map.entry("num_threads", "process_threads"),
          Map.entry("states", "process_threads"),
          Map.entry("threads_wchan", "process_threads_wchan"),
          Map.entry("thread_count", "process_thread_count"),
          Map.entry("thread_cpu_seconds_total", "process_thread_cpu_seconds_total"),
          Map.entry("thread_io_bytes_total", "process_thread_io_bytes_total"),
          Map.entry("thread_major_page_faults_total", "process_thread_page_faults_total"),
          Map.entry("thread_minor_page_faults_total", "process_thread_page_faults_total"),
          Map.entry("thread_context_switches_total", "process_thread_context_switches_total"));

  private final List<Process> started = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Path folder;

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started.reversed()) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    http.close();
    if (folder != null) {
      Checkout.delete(folder);
    }
  }

  @Test
  void a_process_says_of_itself_what_process_exporter_says_of_it() throws Exception {
    Optional<Path> exporter = exporter();
    assumeTrue(exporter.isPresent(), "prometheus-process-exporter is not installed");
    folder = Checkout.find().scratch("exporter");
    String mark = "target-" + UUID.randomUUID();
    URI scrape = startExporter(exporter.get(), mark);
    await().ignoreExceptions().until(() -> !get(scrape).isEmpty());
    Process target = target(mark);
    assertThat(target.inputReader().readLine()).isEqualTo("ready");
    // What it has not seen begin it counts from when it saw it first.
    var ours = new Told(ask(target), "");
    var theirs = new Told(get(scrape), PREFIX);

    tell(target, 'w');
    assertThat(target.inputReader().readLine()).isEqualTo("done");
    var theirsAfter = new Told(get(scrape), PREFIX);
    var oursAfter = new Told(ask(target), "");

    var grown =
        new Comparison() {
          @Override
          double of(boolean us, String series) {
            return us
                ? oursAfter.sum(series) - ours.sum(series)
                : theirsAfter.sum(series) - theirs.sum(series);
          }
        };
    grown.near("CPU seconds", "process_cpu_seconds_total", "cpu_seconds_total", 0.1);
    grown.near(
        "minor faults",
        "process_page_faults_total{type=\"minor\"",
        "minor_page_faults_total",
        1_000);
    grown.near(
        "major faults", "process_page_faults_total{type=\"major\"", "major_page_faults_total", 5);
    grown.near(
        "bytes read from disk",
        "process_io_bytes_total{op=\"read\",layer=\"disk\"",
        "read_bytes_total",
        1e6);
    grown.near(
        "bytes written to disk",
        "process_io_bytes_total{op=\"write\",layer=\"disk\"",
        "write_bytes_total",
        65_536); // a page of what the file system notes of a file
    grown.near("context switches", "process_context_switches_total", "context_switches_total", 300);
    grown.near(
        "CPU seconds of one thread",
        "process_thread_cpu_seconds_total{thread=\"spinner\",mode=\"user\"",
        "thread_cpu_seconds_total{groupname=\"target\",mode=\"user\",threadname=\"spinner\"",
        0.05);
    var now =
        new Comparison() {
          @Override
          double of(boolean us, String series) {
            return us ? oursAfter.sum(series) : theirsAfter.sum(series);
          }
        };
    String memory = "memory_bytes{groupname=\"target\",memtype=";
    now.near("RSS", "process_memory_bytes{type=\"rss\"", memory + "\"resident\"", 4e6);
    now.near(
        "PSS",
        "process_memory_bytes{type=\"pss\"",
        memory + "\"proportionalResident\"",
        16e6); // its share of what JVMs have in common changes as others come and go
    now.near(
        "virtual memory", "process_memory_bytes{type=\"virtual\"", memory + "\"virtual\"", 8e7);
    now.near("swap", "process_memory_bytes{type=\"swap\"", memory + "\"swapped\"", 0);
    now.near("descriptors", "process_fds", "open_filedesc", 0);
    now.near("threads", "process_threads{kind=", "num_threads", 0);
    now.near(
        "threads called waiting",
        "process_thread_count{thread=\"waiting\"",
        "thread_count{groupname=\"target\",threadname=\"waiting-",
        0);
    now.near("start", "process_start_time_seconds", "oldest_start_time_seconds", 1.1);
    assertThat(oursAfter.sum("process_fds") / oursAfter.sum("process_max_fds"))
        .isCloseTo(theirsAfter.sum("worst_fd_ratio"), within(1e-4));

    var missing = new TreeSet<String>();
    theirsAfter
        .text()
        .lines()
        .filter(line -> line.startsWith(PREFIX))
        .map(line -> line.substring(PREFIX.length(), line.indexOf('{')))
        .filter(
            name -> !OURS.containsKey(name) || !oursAfter.text().contains("\n" + OURS.get(name)))
        .forEach(missing::add);
    assertThat(missing).as("what process-exporter has and we do not").isEmpty();
  }

  private abstract static class Comparison {
    /// @param us whether to look into what we say, not they
    abstract double of(boolean us, String series);

    void near(String what, String ours, String theirs, double tolerance) {
      double here = of(true, ours);
      double there = of(false, theirs);
      System.out.printf("process-exporter: %s: ours %.2f, theirs %.2f%n", what, here, there);
      assertThat(here).as(what).isCloseTo(there, within(tolerance));
    }
  }

  /// A scrape.
  ///
  /// @param prefix what all its names begin with
  private record Told(String text, String prefix) {
    /// Of all series of this name, or whose name and labels begin so; there is one at least.
    double sum(String series) {
      String begin = prefix + series;
      List<String> found =
          text.lines()
              .filter(line -> line.startsWith(begin))
              .filter(
                  line -> series.contains("{") || "{ ".indexOf(line.charAt(begin.length())) >= 0)
              .toList();
      assertThat(found).as(begin).isNotEmpty();
      return found.stream()
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }

  private URI startExporter(Path exporter, String mark) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("exporter.yml"),
            """
            process_names:
              - name: "target"
                cmdline:
                  - "%s"
            """
                .formatted(mark));
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    started.add(
        new ProcessBuilder(
                exporter.toString(),
                "-config.path",
                config.toString(),
                "-web.listen-address",
                "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("exporter.log").toFile())
            .start());
    return URI.create("http://127.0.0.1:" + port + "/metrics");
  }

  private Process target(String mark) throws IOException {
    Process target =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Target.class.getName(),
                mark,
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.add(target);
    return target;
  }

  /// What the target says of itself.
  private static String ask(Process target) throws IOException {
    tell(target, '?');
    var text = new StringBuilder();
    String line;
    while (!(line = target.inputReader().readLine()).equals("end")) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static void tell(Process target, char command) throws IOException {
    target.getOutputStream().write(command);
    target.getOutputStream().flush();
  }

  private String get(URI uri) throws IOException {
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Optional<Path> exporter() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(folder ->
            Stream.of("prometheus-process-exporter", "process-exporter")
                .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Does something of everything (w), and says of itself what it costs (?).
  static final class Target {
    private Target() {}

    public static void main(String[] args) throws Exception {
      Path file = Path.of(args[1]).resolve("written");
      Metrics metrics = Metrics.ofThisProcess();
      for (int i = 0; i < 20; i++) {
        Metrics.ofThisProcess().text(); // what the first time costs is no part of the comparison
      }
      var open = new ArrayList<InputStream>();
      var work = new CountDownLatch(1);
      var spun = new CountDownLatch(1);
      Thread.ofPlatform().daemon().name("spinner").start(() -> spin(work, spun));
      await().until(() -> metrics.of("process_thread_count", "thread", "spinner") == 1);
      System.out.println("ready");
      for (int command = System.in.read(); command >= 0; command = System.in.read()) {
        if (command == '?') {
          System.out.print(Metrics.ofThisProcess().text()); // anew: PSS is kept for ten seconds
          System.out.println("end");
        } else {
          work.countDown();
          spun.await();
          work(file, open);
          System.out.println("done");
        }
      }
    }

    private static void work(Path file, List<InputStream> open) throws Exception {
      for (int i = 0; i < 8; i++) {
        Thread.ofPlatform().daemon().name("waiting-" + i).start(LockSupport::park);
      }
      Files.write(file, new byte[12 << 20]);
      for (int i = 0; i < 25; i++) {
        open.add(Files.newInputStream(file));
      }
      Arena.global().allocate(48 << 20).fill((byte) 1);
      var slept = new CountDownLatch(1);
      Thread.ofPlatform().daemon().name("sleeper").start(() -> sleepOften(slept));
      slept.await();
    }

    private static void spin(CountDownLatch begin, CountDownLatch done) {
      try {
        begin.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      long end = System.nanoTime() + 400_000_000L;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      done.countDown();
      LockSupport.park();
    }

    private static void sleepOften(CountDownLatch done) {
      for (int i = 0; i < 3_000; i++) {
        LockSupport.parkNanos(50_000);
      }
      done.countDown();
      LockSupport.park();
    }
  }
}
