package com.telconova.local.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ThreadGroup;
import com.telconova.local.report.page.HtmlPage;
import com.telconova.local.report.page.TextPage;
import com.telconova.shared.jfr.Recorder;
import com.telconova.shared.os.ProcessCollector;
import com.telconova.shared.testing.Rounds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Recordings of which everything is known, and what the report says of them.
final class ReportIT {

  private static final int BURNERS = 3;
  private static final long BURN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final int CONTENTIONS = 4;
  private static final int READS = 5;
  private static final int WAIT_MILLIS = 30;

  @TempDir private Path folder;

  private record Outcome(int code, String output) {}

  @Test
  @EnabledOnOs(OS.LINUX)
  void processor_and_memory_are_what_proc_says_and_waits_are_those_that_were() throws Exception {
    var file = folder.resolve("known.jfr");
    long before;
    long after;
    long resident;
    long burnt;
    int port;
    try (var recording = new Recording();
        var teller = new ProcessCollector().record("known")) {
      tellOnce(teller);
      recording.enable("microflow.Process");
      recording.enable("microflow.ThreadGroup");
      recording.enable("jdk.JavaMonitorEnter").withThreshold(Duration.ofMillis(10));
      recording.enable("jdk.SocketRead").withThreshold(Duration.ofMillis(WAIT_MILLIS / 2));
      recording.start();
      before = ticks();
      teller.tell();
      try (var burners = new Burners()) {
        burnt = burners.burn();
        contend();
        port = read();
        teller.tell();
      }
      after = ticks();
      resident = residentBytes();
      recording.stop();
      recording.dump(file);
    }

    var figures = Figures.of(List.of(com.telconova.local.report.file.Recording.open(file)));
    var process = figures.processes().getFirst();

    double proc = (after - before) / 100.0;
    double told = process.samples().cpu().orElseThrow() / 1e9;
    double rss = process.samples().last().orElseThrow().of(Counter.RESIDENT);
    double burners = burners(process.samples().endsWithThreads().getLast().groups());
    System.out.printf(
        "report: %.3f s of processor time, /proc %.2f s; burners %.3f s, by Java %.3f s;"
            + " RSS %.1f MiB, /proc %.1f MiB%n",
        told, proc, burners, burnt / 1e9, rss / 1048576, resident / 1048576.0);
    assertThat(told).isCloseTo(proc, within(proc * 0.05));
    assertThat(burners).isCloseTo(burnt / 1e9, within(burnt / 1e9 * 0.05));
    assertThat(rss).isCloseTo(resident, within(resident * 0.02));
    assertThat(figures.label(0)).isEqualTo("known");
    assertThat(process.samples().pid()).isEqualTo(ProcessHandle.current().pid());
    var locks = process.blocking().monitors().longest(10);
    assertThat(locks)
        .filteredOn(site -> site.name().contains("ReportIT"))
        .singleElement()
        .satisfies(site -> {
          assertThat(site.count()).isEqualTo(CONTENTIONS);
          assertThat(site.longest()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(10));
        });
    assertThat(process.blocking().sockets().longest(10))
        .filteredOn(site -> site.name().equals("read 127.0.0.1:" + port))
        .singleElement()
        .satisfies(site -> assertThat(site.count()).isEqualTo(READS));
  }

  @Test
  void very_many_events_are_counted_one_by_one_within_a_small_heap() throws Exception {
    int rounds = Rounds.of(15_000, 150_000);
    var file = folder.resolve("many.jfr");
    int events = write(file, rounds);

    var page = folder.resolve("many.html");
    long begin = System.nanoTime();
    var outcome = report(file.toString(), "--text", "--out", page.toString());
    double seconds = (System.nanoTime() - begin) / 1e9;

    System.out.printf(
        "report: %,d events, %.1f MiB, read twice within -Xmx512m in %.1f s%n",
        events, Files.size(file) / 1048576.0, seconds);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(counted(outcome, "GET /a")).isEqualTo(rounds * 2L);
    assertThat(counted(outcome, "GET /b/\\{id\\}")).isEqualTo(rounds);
    assertThat(counted(outcome, "  of them 5xx")).isEqualTo(rounds);
    assertThat(counted(outcome, "order.created")).isEqualTo(rounds);
    assertThat(counted(outcome, "events published")).isEqualTo(rounds);
    assertThat(counted(outcome, "requests")).isEqualTo(rounds * 3L);
    assertThat(counted(outcome, "GET /b/\\{id\\}")).isEqualTo(rounds);
    assertThat(summary(file, "microflow.HttpRequest")).isEqualTo(rounds * 3L);
    assertThat(summary(file, "microflow.EventHandled")).isEqualTo(rounds);
    assertThat(Files.readString(page))
        .contains("GET /<wbr>a", Integer.toString(rounds).substring(0, 2));
    assertThat(HtmlPage.isOne(page)).isTrue();
  }

  @Test
  void what_is_in_a_recording_cannot_become_a_part_of_the_page() throws Exception {
    var file = folder.resolve("nasty.jfr");
    try (var recording = new Recording()) {
      recording.enable(Written.Request.class);
      recording.start();
      var request = new Written.Request();
      request.begin();
      request.end();
      request.method = "GET";
      request.route = "/<script>alert(1)</script>\u001b[2J";
      request.status = 200;
      request.requestId = "\"><img src=x onerror=alert(1)>";
      request.commit();
      recording.stop();
      recording.dump(file);
    }

    var document =
        Report.of(Figures.of(List.of(com.telconova.local.report.file.Recording.open(file))));

    assertThat(HtmlPage.of(document)).contains("&lt;script&gt;").doesNotContain("<script", "<img");
    assertThat(TextPage.of(document, true)).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void of_another_programs_recording_the_report_says_what_is_missing() throws Exception {
    var file = folder.resolve("other.jfr");
    try (var recording = new Recording()) {
      recording.enable("jdk.JavaThreadStatistics").withPeriod(Duration.ofMillis(10));
      recording.start();
      ManagementFactory.getRuntimeMXBean().getUptime();
      recording.stop();
      recording.dump(file);
    }

    var document =
        Report.of(Figures.of(List.of(com.telconova.local.report.file.Recording.open(file))));
    var text = String.join("\n", TextPage.of(document, true));

    assertThat(text)
        .contains(
            "other was not recorded by MicroFlow",
            "No request is in this recording.",
            "Which threads used the processors is unknown")
        .containsPattern("processor time +unknown")
        .containsPattern("requests +unknown");
  }

  @Test
  void two_recordings_of_one_service_stand_beside_each_other_and_an_event_is_followed()
      throws Exception {
    var id = UUID.randomUUID().toString();
    var trace = "0af7651916cd43dd8448eb211c80319c";
    var one = folder.resolve("one.jfr");
    var two = folder.resolve("two.jfr");
    record(
        one,
        () -> {
          var request = new Written.Request();
          request.begin();
          request.end();
          request.method = "POST";
          request.route = "/orders";
          request.status = 201;
          request.traceId = trace;
          request.commit();
          publish(id, "00-" + trace + "-b7ad6b7169203331-01");
          return null;
        });
    record(
        two,
        () -> {
          poll(id);
          handle(id, trace, "done");
          return null;
        });

    var figures =
        Figures.of(
            List.of(
                com.telconova.local.report.file.Recording.open(one),
                com.telconova.local.report.file.Recording.open(two)));
    var text = String.join("\n", TextPage.of(Report.of(figures), true));

    assertThat(figures.processes()).hasSize(2);
    assertThat(figures.journeys().shown())
        .singleElement()
        .satisfies(journey -> {
          assertThat(journey.id()).isEqualTo(id);
          assertThat(journey.recordings()).isEqualTo(2);
          assertThat(journey.requests()).hasSize(1);
        });
    assertThat(text)
        .contains("event " + id + ", trace " + trace)
        .containsSubsequence("POST /orders, ", "published, ", "polled, ", "handled, ");
  }

  @Test
  void wrong_use_and_wrong_files_are_one_line_and_nothing_is_overwritten() throws Exception {
    var mine = Files.writeString(folder.resolve("report.html"), "<html>mine</html>");
    var file = folder.resolve("x.jfr");
    record(file, () -> null);

    var none = report();
    var missing = report(folder.resolve("none.jfr").toString());
    var refused = report(file.toString());

    assertThat(none.code()).isEqualTo(2);
    assertThat(none.output()).startsWith("microflow: report takes recordings").hasLineCount(1);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.output()).contains("none.jfr does not exist").hasLineCount(1);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).contains("exists and is not a report").hasLineCount(1);
    assertThat(mine).hasContent("<html>mine</html>");
  }

  private static int write(Path file, int rounds) throws Exception {
    return record(
        file,
        () -> {
          for (int i = 0; i < rounds; i++) {
            var id = new UUID(i * 0x9E3779B97F4A7C15L, i).toString();
            request("/a", 200);
            request("/a", 404);
            request("/b/{id}", 503);
            publish(id, "-");
            poll(id);
            handle(id, "", i % 100 == 0 ? "failed" : "done");
            var transaction = new Written.Transaction();
            transaction.begin();
            transaction.lane = "requests";
            transaction.entered = true;
            transaction.commit();
          }
          return rounds * 7;
        });
  }

  private static <T> T record(Path file, Callable<T> what) throws Exception {
    try (var recording = new Recording()) {
      recording.enable(Written.Request.class);
      recording.enable(Written.Published.class);
      recording.enable(Written.Poll.class);
      recording.enable(Written.Handled.class);
      recording.enable(Written.Transaction.class);
      recording.start();
      T result = what.call();
      recording.stop();
      recording.dump(file);
      return result;
    }
  }

  private static void request(String route, int status) {
    var request = new Written.Request();
    request.begin();
    request.end();
    request.method = "GET";
    request.route = route;
    request.status = status;
    request.commit();
  }

  private static void publish(String id, String parent) {
    var published = new Written.Published();
    published.begin();
    published.batch = 1;
    published.accepted = 1;
    published.eventIds = id;
    published.traceParents = parent;
    published.commit();
  }

  private static void poll(String id) {
    var poll = new Written.Poll();
    poll.begin();
    poll.queue = "microflow-tracking-inbox";
    poll.messages = 1;
    poll.eventIds = id;
    poll.commit();
  }

  private static void handle(String id, String trace, String outcome) {
    var handled = new Written.Handled();
    handled.begin();
    handled.type = "order.created";
    handled.eventId = id;
    handled.receiveCount = 1;
    handled.outcome = outcome;
    handled.age = 12;
    handled.traceId = trace;
    handled.commit();
  }

  // The first time loads classes, for longer than what is measured may differ.
  private static void tellOnce(Recorder.Teller teller) {
    try (var recording = new Recording()) {
      recording.enable("microflow.Process");
      recording.enable("microflow.ThreadGroup");
      recording.start();
      teller.tell();
    }
  }

  /// Threads that use processor time, and then wait until they are closed: the kernel forgets a
  /// thread that has ended.
  private static final class Burners implements AutoCloseable {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch burnt = new CountDownLatch(BURNERS);
    private final AtomicLong sum = new AtomicLong();

    /// @return the time that they used, by Java's own measure
    long burn() throws InterruptedException {
      for (int i = 0; i < BURNERS; i++) {
        Thread.ofPlatform().daemon().name("burner-" + i).start(this::run);
      }
      assertThat(burnt.await(60, TimeUnit.SECONDS)).isTrue();
      return sum.get();
    }

    private void run() {
      while (threads.getCurrentThreadCpuTime() < BURN_NANOS) {
        Thread.onSpinWait();
      }
      sum.addAndGet(threads.getCurrentThreadCpuTime());
      burnt.countDown();
      try {
        told.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      told.countDown();
    }
  }

  private static void contend() throws Exception {
    var lock = new Object();
    for (int i = 0; i < CONTENTIONS; i++) {
      Thread waiter;
      synchronized (lock) {
        waiter =
            Thread.ofPlatform()
                .start(() -> {
                  synchronized (lock) {
                    lock.hashCode();
                  }
                });
        while (waiter.getState() != Thread.State.BLOCKED) {
          Thread.onSpinWait();
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
      }
      waiter.join();
    }
  }

  /// Reads some times what comes late.
  ///
  /// @return the port that it was read from
  private static int read() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var other = server.accept()) {
      for (int i = 0; i < READS; i++) {
        var writer =
            Thread.ofPlatform()
                .start(() -> {
                  long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
                  while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                  }
                  try {
                    other.getOutputStream().write(1);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
        assertThat(client.getInputStream().read()).isEqualTo(1);
        writer.join();
      }
      return server.getLocalPort();
    }
  }

  private static double burners(java.util.Map<String, ThreadGroup> groups) {
    return groups.get("burner").cpu() / 1e9;
  }

  private static long ticks() throws IOException {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  // The first number behind a name, in the first line that begins with it.
  private static long counted(Outcome outcome, String name) {
    var line = Pattern.compile("(?m)^ *" + name + " +([\\d,]+)").matcher(outcome.output());
    assertThat(line.find()).as(name + " in " + outcome.output()).isTrue();
    return Long.parseLong(line.group(1).replace(",", ""));
  }

  private long summary(Path file, String event) throws Exception {
    var jfr = Path.of(System.getProperty("java.home"), "bin/jfr").toString();
    var outcome = run(new ProcessBuilder(jfr, "summary", file.toString()));
    var line = Pattern.compile("(?m)^ *" + event + " +(\\d+)").matcher(outcome.output());
    assertThat(line.find()).as(outcome.output()).isTrue();
    return Long.parseLong(line.group(1));
  }

  private Outcome report(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("com.telconova.local.Main", "report"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().put("MICROFLOW_HOME", folder.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    return run(builder);
  }

  private static Outcome run(ProcessBuilder builder) throws Exception {
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
