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
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
    Pairs<Cost> pairs;
    int spans;
    try (AuthFixture fixture = new AuthFixture();
        Collector collector = Collector.start()) {
      pairs = Pairs.inTurns(PAIRS, () -> on(fixture, collector), () -> off(fixture));
      spans = collector.spans().size();
    }

    System.out.printf(
        "metrics and traces on against off, %d pairs of %,d requests, %,d spans received; median"
            + " (second lowest to second highest): requests a second %s; CPU a request %s; RSS %s"
            + " MiB%n",
        pairs.count(),
        REQUESTS,
        spans,
        pairs.percent(Cost::perSecond),
        pairs.percent(Cost::cpuMicros),
        pairs.more(Cost::mebibytes));
    System.out.printf("of each pair, on/off: %s%n", pairs.each(i -> inWords(pairs, i)));
    assertThat(spans).isPositive();
    assertThat(pairs.with()).allMatch(cost -> cost.mebibytes() < 400); // no more than a net
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

  private static String inWords(Pairs<Cost> pairs, int pair) {
    Cost on = pairs.with().get(pair);
    Cost off = pairs.without().get(pair);
    return "%.0f/%.0f a second %.0f/%.0f us %.0f/%.0f MiB"
        .formatted(
            on.perSecond(),
            off.perSecond(),
            on.cpuMicros(),
            off.cpuMicros(),
            on.mebibytes(),
            off.mebibytes());
  }
}
