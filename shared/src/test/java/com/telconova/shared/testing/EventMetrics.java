package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// What every service must say of its events, or `prometheus/alerts.yml` waits for it in vain.
public final class EventMetrics {
  private EventMetrics() {}

  /// Fails unless a started service soon says how its outbox and its queues are.
  ///
  /// @param service `auth`, `workorder` or `tracking`
  public static void check(int adminPort, String service) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(scrape(adminPort))
                .containsPattern("(?m)^outbox_unsent \\d")
                .containsPattern("(?m)^outbox_lag_seconds \\d")
                .contains("outbox_publish_failures_total{reason=\"refused\",}")
                .contains("outbox_publish_failures_total{reason=\"unreachable\",}")
                .contains("sqs_received_total")
                .contains(queue(service + "-inbox", "visible"))
                .contains(queue(service + "-inbox", "in_flight"))
                .contains(queue(service + "-inbox", "delayed"))
                .contains(queue(service + "-inbox-dlq", "visible")));
  }

  private static String queue(String name, String state) {
    return "-%s\",state=\"%s\",}".formatted(name, state);
  }

  private static String scrape(int adminPort) throws InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
