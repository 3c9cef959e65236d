package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Rounds;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What metrics and traces cost together: the same process with traces by the default sampling,
/// sent to a collector on the loopback, and a scrape each five seconds; and without either, in
/// turns.
@EnabledOnOs(OS.LINUX)
final class TracingCostIT {
  private static final int PAIRS = Rounds.of(1, 10);
  private static final int WARM_UP = Rounds.of(40, 8_000);
  private static final int REQUESTS = Rounds.of(160, 20_000);
  private static final Duration SCRAPES = Duration.ofSeconds(5);
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private record Cost(double perSecond, double cpuMicros, double mebibytes) {}

  @Test
  void what_metrics_and_traces_cost_in_requests_processor_time_and_memory() throws Exception {
    List<Cost> with = new ArrayList<>();
    List<Cost> without = new ArrayList<>();
    int spans;
    try (AuthFixture fixture = new AuthFixture();
        Collector collector = Collector.start()) {
      for (int pair = 0; pair < PAIRS; pair++) {
        if (pair % 2 == 0) {
          with.add(on(fixture, collector));
          without.add(off(fixture));
        } else {
          without.add(off(fixture));
          with.add(on(fixture, collector));
        }
      }
      spans = collector.spans().size();
    }

    System.out.printf(
        "metrics and traces on against off, %d pairs of %,d requests, %,d spans received;"
            + " median of the pairs (second lowest to second highest, which holds the true median of"
            + " ten pairs 98 times of 100): requests a second %s; CPU a request %s; RSS %s MiB%n",
        PAIRS,
        REQUESTS,
        spans,
        percent(with, without, Cost::perSecond),
        percent(with, without, Cost::cpuMicros),
        compared(with, without, Cost::mebibytes, (on, off) -> on - off));
    System.out.printf(
        "of each pair, on/off: %s%n",
        IntStream.range(0, PAIRS)
            .mapToObj(i ->
                "%.0f/%.0f a second %.0f/%.0f us %.0f/%.0f MiB"
                    .formatted(
                        with.get(i).perSecond(),
                        without.get(i).perSecond(),
                        with.get(i).cpuMicros(),
                        without.get(i).cpuMicros(),
                        with.get(i).mebibytes(),
                        without.get(i).mebibytes()))
            .toList());
    assertThat(spans).isPositive();
    assertThat(with).allMatch(cost -> cost.mebibytes() < 400); // no more than a net
  }

  private static Cost off(AuthFixture fixture) throws Exception {
    fixture.environment.remove(ENDPOINT);
    try (MeasuredAuth auth = new MeasuredAuth(fixture)) {
      return measure(auth);
    }
  }

  private static Cost on(AuthFixture fixture, Collector collector) throws Exception {
    fixture.environment.put(ENDPOINT, collector.endpoint().toString());
    try (MeasuredAuth auth = new MeasuredAuth(fixture);
        HttpClient prometheus = HttpClient.newHttpClient();
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      clock.scheduleAtFixedRate(
          () -> scrape(prometheus, auth), 0, SCRAPES.toMillis(), TimeUnit.MILLISECONDS);
      Cost cost = measure(auth);
      clock.shutdownNow();
      await().atMost(Duration.ofSeconds(20)).until(() -> !collector.spans().isEmpty());
      return cost;
    }
  }

  private static void scrape(HttpClient prometheus, MeasuredAuth auth) {
    URI metrics = URI.create("http://127.0.0.1:" + auth.adminPort() + "/metrics");
    prometheus.sendAsync(HttpRequest.newBuilder(metrics).build(), BodyHandlers.discarding());
  }

  private static Cost measure(MeasuredAuth auth) throws Exception {
    auth.ask(WARM_UP);
    MeasuredAuth.Asked asked = auth.ask(REQUESTS);
    return new Cost(asked.perSecond(), asked.cpuMicros(), auth.residentMebibytes());
  }

  private static String percent(List<Cost> with, List<Cost> without, ToDoubleFunction<Cost> what) {
    return compared(with, without, what, (on, off) -> (on / off - 1) * 100) + " %";
  }

  private static String compared(
      List<Cost> with,
      List<Cost> without,
      ToDoubleFunction<Cost> what,
      DoubleBinaryOperator difference) {
    double[] sorted =
        IntStream.range(0, with.size())
            .mapToDouble(i ->
                difference.applyAsDouble(
                    what.applyAsDouble(with.get(i)), what.applyAsDouble(without.get(i))))
            .sorted()
            .toArray();
    int last = sorted.length - 1;
    double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
    int edge = last > 1 ? 1 : 0;
    return "%+.1f (%+.1f to %+.1f)".formatted(median, sorted[edge], sorted[last - edge]);
  }
}
