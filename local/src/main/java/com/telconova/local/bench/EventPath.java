package com.telconova.local.bench;

import com.telconova.local.footprint.Footprint;
import com.telconova.local.lab.Reading;
import com.telconova.local.steps.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// From the request that opens an order to its entry on the timeline, as a supervisor's stream
/// shows it; and how fast a backlog goes.
final class EventPath implements Part {
  private static final double RATE = 100;
  private static final int CONNECTIONS = 16;
  private static final int SESSIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int BACKLOG_PER_SECOND = 25;

  /// When marks arrived first.
  private static final class Seen implements Followers.Arrival {
    private final AtomicLongArray at;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong last = new AtomicLong();

    Seen(int most) {
      at = new AtomicLongArray(most);
    }

    @Override
    public void of(int mark, long now) {
      if (mark < at.length() && at.compareAndSet(mark, 0, now)) {
        count.incrementAndGet();
        last.set(now);
      }
    }
  }

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String about() {
    return "order opened until it is on the timeline, 100 a second";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    ground.arrangeAll();
    steady(ground, scale, out);
    backlog(ground, scale, out);
    out.note(
        "Orders come at %s a second whether earlier ones were answered or not. An event goes outbox, relay, SNS, SQS, consumer,"
            + " inbox, timeline; SNS and SQS are the emulator, which shares the processor. The customer wants no mail.",
        Budget.number(RATE));
  }

  private static void steady(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    int most = (int) (RATE * scale.events().plus(scale.warmUp()).toSeconds()) + 1_000;
    var marks = new Marks(most);
    var seen = new Seen(most);
    var stream = ground.tokens(ground.supervisor(), 1).getFirst();
    var tokens = ground.tokens(ground.client(), SESSIONS);
    try (var _ = follow(ground, stream, seen);
        var requester = requester(ground, tokens, marks)) {
      ground.progress("warming up");
      requester.open(RATE, scale.warmUp());
      await(seen, marks);
      int first = marks.sent();
      var before = cpu(ground);
      ground.progress("%s orders/s for %d s", Budget.number(RATE), scale.events().toSeconds());
      var result = requester.open(RATE, scale.events());
      await(seen, marks);
      var cost = cpu(ground);
      var delays = new ArrayList<Double>();
      int lost = 0;
      for (int mark = first; mark < marks.sent(); mark++) {
        long arrived = seen.at.get(mark);
        if (arrived == 0) {
          lost++;
        } else {
          delays.add((arrived - marks.sentAt(mark)) / 1e6);
        }
      }
      var series = Series.of(delays);
      var rows =
          out.grid(
              "%s orders/s for %d s, milliseconds"
                  .formatted(Budget.number(RATE), scale.events().toSeconds()),
              "from",
              "to",
              "p50>",
              "p90>",
              "p99>",
              "most>");
      rows.add(row("request due", "its answer", result.millis()));
      rows.add(row("request sent", "timeline entry", series));
      var costs = out.grid("Processor for it", "process", "ms an order>", "% of a core>");
      double seconds = result.seconds();
      cost.forEach((process, after) -> {
        double millis = after.minus(before.get(process)).toNanos() / 1e6;
        costs.add(
            List.of(
                process,
                Budget.number(millis / Math.max(1, result.answered())),
                Budget.number(millis / seconds / 10)));
      });
      if (result.failed() > 0 || lost > 0) {
        out.note(
            "%d requests failed %s; %d entries did not come within %d s.",
            result.failed(), result.errors(), lost, PATIENCE.toSeconds());
      }
      var detail = "%d orders, %d without an entry".formatted(result.answered(), lost);
      out.judge(Budget.EVENT_P50, lost > 0 ? Double.NaN : series.percentile(50), detail);
      out.judge(Budget.EVENT_P99, lost > 0 ? Double.NaN : series.percentile(99), detail);
    }
  }

  /// Orders that came while tracking stood still.
  private static void backlog(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    int orders = (int) (BACKLOG_PER_SECOND * scale.events().toSeconds());
    var marks = new Marks(orders + 1_000);
    var seen = new Seen(orders + 1_000);
    var stream = ground.tokens(ground.supervisor(), 1).getFirst();
    var tokens = ground.tokens(ground.client(), SESSIONS);
    var tracking = ground.service("tracking");
    try (var _ = follow(ground, stream, seen);
        var requester = requester(ground, tokens, marks)) {
      ground.progress("a backlog of %d", orders);
      var metrics = Reading.of(tracking.adminUrl());
      tracking.signal("STOP");
      long began;
      Map<String, Duration> before;
      try {
        requester.open(200, Duration.ofMillis(orders * 5L));
        Condition.await(
            "the outbox is empty",
            Duration.ofSeconds(60),
            () -> unsent(ground),
            count -> count.equals("0"),
            count -> count + " wait");
      } finally {
        before = cpu(ground);
        began = System.nanoTime();
        tracking.signal("CONT");
      }
      await(seen, marks);
      double seconds = (seen.last.get() - began) / 1e9;
      var rows =
          out.grid(
              "A backlog goes",
              "events>",
              "seconds>",
              "events/s>",
              "handler ms>",
              "busy, % of a core");
      var busy = new ArrayList<String>();
      cpu(ground)
          .forEach((process, after) ->
              busy.add(
                  process
                      + " "
                      + Budget.number(after.minus(before.get(process)).toNanos() / 1e7 / seconds)));
      rows.add(
          List.of(
              Integer.toString(seen.count.get()),
              Budget.number(seconds),
              Budget.number(seen.count.get() / seconds),
              Budget.number(handling(metrics, Reading.of(tracking.adminUrl()))),
              String.join(", ", busy)));
    }
  }

  private static String unsent(Ground ground) {
    try {
      return ground.query("select count(*) from workorder.outbox where sent_at is null");
    } catch (java.sql.SQLException e) {
      return e.getMessage();
    }
  }

  private static Followers follow(Ground ground, String token, Seen seen) throws Exception {
    var followers =
        new Followers(ground.service("tracking").url(), token, List.of("/tracking/stream"), seen);
    Condition.await(
        "the stream is open",
        followers::open,
        count -> count == 1,
        _ -> followers.errors().toString());
    return followers;
  }

  private static Requester requester(Ground ground, List<String> tokens, Marks marks)
      throws Exception {
    return new Requester(
        List.of(ground.service("workorder").url()),
        CONNECTIONS,
        connection -> Calls.order(tokens.get(connection % tokens.size()), "Line " + marks.send()));
  }

  /// Until all have come, or for so long none did: a request that failed has no entry.
  private static void await(Seen seen, Marks marks) {
    long since = System.nanoTime();
    while (seen.count.get() < marks.sent()
        && System.nanoTime() - Math.max(since, seen.last.get()) < PATIENCE.toNanos()) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  /// How long the handler of `order.created` took on average between two looks at the metrics, in
  /// milliseconds.
  private static double handling(Reading before, Reading after) {
    double count = handled(after, "count") - handled(before, "count");
    return (handled(after, "sum") - handled(before, "sum")) / count * 1e3;
  }

  private static double handled(Reading reading, String figure) {
    double value = reading.value("sqs_handle_duration_seconds_" + figure, "type", "order.created");
    return Double.isNaN(value) ? 0 : value;
  }

  private static Map<String, Duration> cpu(Ground ground) throws Exception {
    var cpu = new java.util.LinkedHashMap<String, Duration>();
    cpu.put("workorder", ground.cpu(ground.service("workorder")));
    cpu.put("tracking", ground.cpu(ground.service("tracking")));
    cpu.put("PostgreSQL", ground.postgresCpu());
    cpu.put(
        "emulator",
        Footprint.of(ground.bench().emulator().pid()).map(Footprint::cpu).orElse(Duration.ZERO));
    return cpu;
  }

  private static List<String> row(String from, String to, Series series) {
    return List.of(
        from,
        to,
        Budget.number(series.percentile(50)),
        Budget.number(series.percentile(90)),
        Budget.number(series.percentile(99)),
        Budget.number(series.percentile(100)));
  }
}
