package com.telconova.local.load;

import com.telconova.local.load.Target.Watched;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Load on one system. People and orders that a run needs are made before it, and stay for the
/// next. One run at a time.
public final class Load implements AutoCloseable {

  private static final int LIMIT_CLIENTS = 64;
  private static final byte[] SMALL_GET =
      ("GET /orders/01890000-0000-7000-8000-000000000000 HTTP/1.1\r\nAuthorization: Bearer "
              + "x".repeat(700)
              + "\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final Target target;
  private final Stock stock;
  private final Preparation preparation;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private Limit limit;

  /// @param cpuMicros for a request
  private record Limit(double perSecond, double cpuMicros) {}

  /// Sends nothing yet.
  public Load(Target target) {
    this.target = target;
    stock = new Stock(target.apiKey());
    preparation = new Preparation(target, stock);
  }

  /// Makes the people and orders that such a run needs, and measures what the sender itself is able
  /// to. [#run] does both by itself if need be.
  ///
  /// @throws com.telconova.local.workbench.StartFailed when something is refused
  public void prepare(Profile profile) throws InterruptedException {
    preparation.prepare(profile);
    if (limit == null) {
      limit = measureLimit(Math.min(LIMIT_CLIENTS, profile.arrival().atOnce()));
    }
  }

  /// Prepares, warms up and measures.
  ///
  /// @param progress called about once a second, on this thread
  /// @throws com.telconova.local.workbench.StartFailed when it cannot be prepared
  public Result run(Profile profile, Consumer<Progress> progress) throws InterruptedException {
    prepare(profile);
    stock.settle();
    return run(profile, target, stock, Sender.Limits.USUAL, progress);
  }

  Result run(
      Profile profile,
      Target target,
      Script script,
      Sender.Limits limits,
      Consumer<Progress> progress)
      throws InterruptedException {
    var tally = new Tally(profile.mix());
    var sender = new Sender(profile, target.addresses(), script, limits, tally);
    var fault = new AtomicReference<Throwable>();
    var thread = Thread.ofPlatform().daemon().name("load").unstarted(sender);
    thread.setUncaughtExceptionHandler((_, e) -> fault.set(e));
    long begin = System.nanoTime();
    var began = Instant.now().plus(profile.warmUp());
    thread.start();
    try {
      watch(thread, tally, sender, begin, sender.measuredFrom(), progress);
      var before = snapshots(target, tally, false);
      watch(thread, tally, sender, begin, sender.measuredTo(), progress);
      var after = snapshots(target, tally, true);
      thread.join();
      if (fault.get() != null) {
        throw new IllegalStateException("the sender has failed", fault.get());
      }
      return result(profile, target, began, tally, sender, before, after);
    } finally {
      sender.stop();
      thread.join();
    }
  }

  /// Renews no tokens any more.
  @Override
  public void close() {
    preparation.close();
    http.shutdownNow();
  }

  // Until a moment, or the sender's end.
  private static void watch(
      Thread thread,
      Tally tally,
      Sender sender,
      long begin,
      long until,
      Consumer<Progress> progress)
      throws InterruptedException {
    long second = Duration.ofSeconds(1).toNanos();
    Histogram recent = null;
    long told = System.nanoTime();
    while (thread.isAlive()) {
      long now = System.nanoTime();
      if (now >= until) {
        return;
      }
      thread.join(Duration.ofNanos(Math.max(1_000_000, Math.min(until - now, second))));
      now = System.nanoTime();
      if (now - told > second / 2) {
        recent = tally.recent.getIntervalHistogram(recent);
        progress.accept(
            new Progress(
                now > sender.measuredFrom(),
                Duration.ofNanos(now - begin),
                recent.getTotalCount() / ((now - told) / 1e9),
                Duration.ofNanos(recent.getValueAtPercentile(99)),
                tally.failed.get(),
                tally.underWay.get()));
        told = now;
      }
    }
  }

  // Side by side: one that is busy tells its metrics late, and must not keep the others waiting.
  private Map<Watched, Snapshot> snapshots(Target target, Tally tally, boolean whole) {
    var all = new ConcurrentHashMap<Watched, Snapshot>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var process : target.processes()) {
        threads.execute(() ->
            Snapshot.of(process, http, tally.answered::get, whole)
                .ifPresent(snapshot -> all.put(process, snapshot)));
      }
    }
    return all;
  }

  private Result result(
      Profile profile,
      Target target,
      Instant began,
      Tally tally,
      Sender sender,
      Map<Watched, Snapshot> before,
      Map<Watched, Snapshot> after) {
    var costs = new ArrayList<Cost>();
    for (var process : target.processes()) {
      if (before.containsKey(process) && after.containsKey(process)) {
        costs.add(
            Snapshot.between(
                process.name(), process.tree(), before.get(process), after.get(process)));
      }
    }
    var total = tally.total(profile.duration());
    return new Result(
        profile,
        target.way(),
        began,
        profile.duration(),
        total,
        tally.operations(profile.duration()),
        tally.notSent,
        tally.waited,
        generator(profile, tally, sender.own(), total),
        List.copyOf(costs));
  }

  private Generator generator(Profile profile, Tally tally, Sender.Own own, Result.Figures total) {
    double nanos = profile.duration().toNanos();
    double busy = own.cpuNanos() / nanos;
    var known = limit == null ? new Limit(0, 0) : limit;
    var late = Duration.ofNanos(tally.late.getValueAtPercentile(99));
    return new Generator(
        known.perSecond(),
        known.cpuMicros(),
        total.good() == 0 ? 0 : own.cpuNanos() / 1e3 / total.good(),
        busy,
        own.waited() / nanos,
        late,
        Duration.ofNanos(tally.late.getMaxValue()),
        Verdict.of(busy, late, total.latency(99), total.throughput(), known.perSecond()));
  }

  private Limit measureLimit(int clients) throws InterruptedException {
    try (var responder = Responder.start()) {
      var uri = List.of(responder.uri());
      var nobody =
          new Target(
              "to nobody",
              Map.of(Operation.GET.service(), uri),
              Map.of(),
              Optional.empty(),
              "",
              "",
              List.of());
      var profile =
          new Profile(
              Mix.of("get"),
              new Arrival.Closed(clients),
              Duration.ofMillis(500),
              Duration.ofSeconds(1));
      var result = run(profile, nobody, new Nothing(), Sender.Limits.USUAL, _ -> {});
      return new Limit(result.total().throughput(), result.generator().cpuMicros());
    }
  }

  /// The same request again and again.
  private static final class Nothing implements Script {
    @Override
    public Object write(Operation operation, byte[] host, ByteBuffer out) {
      out.put(SMALL_GET).put(host).put((byte) '\r').put((byte) '\n');
      return this;
    }

    @Override
    public void ended(Operation operation, Object about, boolean good, String made) {
      // There is nothing to remember.
    }
  }
}
