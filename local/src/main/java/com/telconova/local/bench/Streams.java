package com.telconova.local.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import com.telconova.local.footprint.Footprint;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Ten thousand who follow five hundred orders, in one tracking process of a small task.
final class Streams implements Part {
  private static final int ORDERS = 500;
  private static final double UPDATES = 50;
  private static final int CONNECTIONS = 8;
  private static final int SPARE_DESCRIPTORS = 512;
  private static final double MEBIBYTE = 1 << 20;
  private static final Duration OPENING = Duration.ofSeconds(120);
  private static final Duration DELIVERY = Duration.ofSeconds(10);

  /// Of 512 MiB rather than 256: what there is more goes to the heap.
  private static final String HEAP = "-Xmx256m";

  /// How long each delivery took.
  private static final class Delays implements Followers.Arrival {
    private final Marks marks;
    private final double[] millis;
    private final AtomicInteger count = new AtomicInteger();

    Delays(Marks marks, int most) {
      this.marks = marks;
      this.millis = new double[most];
    }

    @Override
    public void of(int mark, long at) { // by one thread
      long sent = marks.sentAt(mark);
      int next = count.get();
      if (sent != 0 && next < millis.length) {
        millis[next] = (at - sent) / 1e6;
        count.set(next + 1);
      }
    }

    Series series(int from) {
      return new Series(Arrays.copyOfRange(millis, from, count.get()));
    }
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public String about() {
    return "those who follow orders live, in one process of 512 MiB";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    int followers = Math.min(scale.followers(), possible());
    if (followers < scale.followers()) {
      out.missing(
          "%,d streams: this process may open %,d files; `ulimit -n 20000` before it, as root or by limits.conf."
              .formatted(scale.followers(), possible() + SPARE_DESCRIPTORS));
    }
    ground.arrange(
        Map.of(
            "auth",
            Knobs.Setup.SHIPPED,
            "workorder",
            Knobs.Setup.SHIPPED,
            "tracking",
            Knobs.Setup.SHIPPED.with(HEAP)));
    var orders = orders(ground);
    var paths = new ArrayList<String>();
    for (int i = 0; i < followers; i++) {
      paths.add("/tracking/" + orders.get(i % orders.size()) + "/stream");
    }
    int updates = (int) (UPDATES * scale.updates().plus(scale.warmUp()).toSeconds()) + 100;
    var marks = new Marks(updates);
    var delays = new Delays(marks, updates * (followers / ORDERS + 1));
    var tracking = ground.service("tracking");
    var alone = Footprint.of(tracking.pid()).orElseThrow();
    var token = ground.tokens(ground.supervisor(), 2);
    long began = System.nanoTime();
    try (var streams = new Followers(tracking.url(), token.getFirst(), paths, delays);
        var requester = updates(ground, orders, token.getLast(), marks)) {
      while (!streams.isSettled() && System.nanoTime() - began < OPENING.toNanos()) {
        ground.progress("%,d of %,d open", streams.open(), followers);
        LockSupport.parkNanos(50_000_000);
      }
      double opening = (System.nanoTime() - began) / 1e9;
      int opened = streams.open();
      var quiet = Footprint.of(tracking.pid()).orElseThrow(() -> ended(tracking.log()));
      ground.progress("%,d open; warming up", opened);
      requester.open(UPDATES, scale.warmUp());
      settle(delays);
      int first = delays.count.get();
      int sent = marks.sent();
      var before = ground.cpu(tracking);
      ground.progress("%,d open, %s updates/s", opened, Budget.number(UPDATES));
      var result = requester.open(UPDATES, scale.updates());
      settle(delays);
      var after = Footprint.of(tracking.pid()).orElseThrow(() -> ended(tracking.log()));
      var series = delays.series(first);
      // Each update goes to as many as follow its order.
      double expected = (marks.sent() - sent - result.failed()) * (double) opened / ORDERS;
      double cpu = after.cpu().minus(before).toNanos() / 1e6;
      add(out, "streams", followers, opened, opening, alone, quiet, after, tracking.pid());
      var rows =
          out.grid(
              "%s updates/s, delivered".formatted(Budget.number(UPDATES)),
              "updates>",
              "answered>",
              "p99 ms>",
              "deliveries>",
              "of>",
              "p50 ms>",
              "p99 ms>",
              "most ms>",
              "CPU ms each>");
      rows.add(
          List.of(
              Integer.toString(marks.sent() - sent),
              Long.toString(result.answered()),
              Budget.number(result.millis().percentile(99)),
              Integer.toString(series.size()),
              Budget.number(Math.rint(expected)),
              Budget.number(series.percentile(50)),
              Budget.number(series.percentile(99)),
              Budget.number(series.percentile(100)),
              Budget.number(cpu / Math.max(1, series.size()))));
      out.note(
          "tracking with %s in place of what a task of 256 MiB has; one thread reads all streams. Asked to come again while they were opened: %d. Not open, or ended: %s. Failed updates: %s.",
          HEAP,
          streams.tries(),
          streams.errors().isEmpty() ? "none" : streams.errors(),
          result.errors().isEmpty() ? "none" : result.errors());
      int served = Math.min(opened, streams.open());
      out.judge(Budget.STREAMS, served, "%,d asked for, open to the end".formatted(followers));
      out.judge(
          Budget.STREAM_P99,
          series.percentile(99),
          "%,d deliveries, from the update's sending".formatted(series.size()));
      out.judge(Budget.STREAM_RSS, after.residentBytes() / MEBIBYTE, "after the updates; " + HEAP);
    }
  }

  private static void add(
      Outcome.Draft out,
      String what,
      int asked,
      int opened,
      double opening,
      Footprint alone,
      Footprint quiet,
      Footprint after,
      long pid) {
    var rows =
        out.grid(
            "tracking",
            what + ">",
            "open>",
            "opened in s>",
            "RSS MiB without>",
            "with>",
            "and updates>",
            "most>",
            "KiB each>",
            "threads>",
            "descriptors>");
    double each = (quiet.residentBytes() - alone.residentBytes()) / 1024.0 / Math.max(1, opened);
    rows.add(
        List.of(
            Integer.toString(asked),
            Integer.toString(opened),
            Budget.number(opening),
            Budget.number(alone.residentBytes() / MEBIBYTE),
            Budget.number(quiet.residentBytes() / MEBIBYTE),
            Budget.number(after.residentBytes() / MEBIBYTE),
            Budget.number(peak(pid)),
            Budget.number(each),
            after.threads().isPresent() ? Long.toString(after.threads().getAsLong()) : "-",
            after.descriptors().isPresent()
                ? Long.toString(after.descriptors().getAsLong())
                : "-"));
  }

  /// The most that a process had resident, in MiB; NaN where the system does not tell.
  static double peak(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static StepFailed ended(Path log) {
    return new StepFailed("tracking ended; its log is " + log);
  }

  private static Requester updates(Ground ground, List<String> orders, String token, Marks marks)
      throws Exception {
    var next = new AtomicInteger();
    return new Requester(
        List.of(ground.service("tracking").url()),
        CONNECTIONS,
        _ ->
            Calls.post(
                "/tracking/" + orders.get(next.getAndIncrement() % orders.size()) + "/update",
                token,
                Map.of("kind", "NOTE", "comment", "Seen, " + marks.send())));
  }

  private static void settle(Delays delays) {
    long since = System.nanoTime();
    int seen = -1;
    while (System.nanoTime() - since < DELIVERY.toNanos()) {
      if (delays.count.get() != seen) {
        seen = delays.count.get();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > 2_000_000_000L) {
        return;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /// Orders that tracking knows.
  private static List<String> orders(Ground ground) throws Exception {
    var marks = new Marks(ORDERS + CONNECTIONS);
    var title = "Followed " + Long.toString(System.nanoTime(), 36) + " ";
    var token = ground.tokens(ground.client(), 1).getFirst();
    try (var requester =
        new Requester(
            List.of(ground.service("workorder").url()),
            CONNECTIONS,
            _ -> Calls.order(token, title + marks.send()))) {
      var made = requester.open(100, Duration.ofMillis(ORDERS * 10L));
      if (made.failed() > 0) {
        throw new StepFailed("orders could not be opened: " + made.errors());
      }
    }
    var known = "from tracking.participant_order where title like '" + title + "%'";
    Condition.await(
        "tracking knows the orders",
        Duration.ofSeconds(60),
        () -> text(ground, "select count(*) " + known),
        count -> count.equals(Integer.toString(ORDERS)),
        count -> count);
    return List.of(text(ground, "select string_agg(order_id::text, ' ') " + known).split(" "));
  }

  private static String text(Ground ground, String query) {
    try {
      return ground.query(query);
    } catch (java.sql.SQLException e) {
      throw new StepFailed(e.getMessage());
    }
  }

  private static int possible() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Math.clamp(unix.getMaxFileDescriptorCount() - SPARE_DESCRIPTORS, 1, 1 << 20)
        : 1 << 20;
  }
}
