package com.telconova.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Tracings;
import com.telconova.shared.testing.Wire;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What becomes of spans when the collector is slow, away, or refuses them.
final class ExportIT {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(OtelQueue.class);

  private final Collector collector = Collector.start();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    LOG.addAppender(logged);
  }

  @AfterEach
  void close() {
    LOG.detachAppender(logged);
    collector.close();
  }

  @Test
  void what_is_left_is_sent_before_the_end_with_the_collectors_key() {
    try (Tracing tracing =
        open(
            collector.port(),
            Map.of(
                "OTEL_BSP_SCHEDULE_DELAY", "60000",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_EXPORTER_OTLP_HEADERS", "api-key=open"))) {
      spans(tracing, 1_000);
    }

    assertThat(collector.spans()).hasSize(1_000);
    assertThat(collector.calls())
        .hasSizeGreaterThan(1)
        .allMatch(call -> call.path().equals("/v1/traces"))
        .allMatch(call -> call.headers().get("Api-key").equals(List.of("open")));
    assertThat(exported()).isEqualTo(1_000);
    assertThat(dropped()).isZero();
  }

  @Test
  void what_the_collector_refuses_is_counted_and_said_once_and_what_comes_later_is_sent() {
    collector.answer(400);
    try (Tracing tracing = open(collector.port(), Map.of())) {
      for (int i = 1; i <= 3; i++) {
        int lost = i;
        spans(tracing, 1);
        await().until(() -> dropped("export_failed") == lost);
      }
      collector.answer(200);
      spans(tracing, 1);
      await().until(() -> exported() == 1);
    }

    assertThat(collector.spans()).hasSize(1);
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.getFirst().getFormattedMessage())
        .contains("127.0.0.1:" + collector.port(), "400");
  }

  @Test
  void a_collector_that_is_silent_holds_nobody_up_and_no_more_waits_than_may() throws Exception {
    try (Wire wire = new Wire(collector.port())) {
      wire.swallow();
      Tracing tracing = open(wire.port(), Map.of("OTEL_BSP_MAX_QUEUE_SIZE", "64"));
      long began = System.nanoTime();
      spans(tracing, 20_000);
      Duration working = Duration.ofNanos(System.nanoTime() - began);
      long stopping = System.nanoTime();
      tracing.close();
      Duration stop = Duration.ofNanos(System.nanoTime() - stopping);

      assertThat(working).isLessThan(Duration.ofSeconds(5));
      assertThat(stop).isLessThan(Duration.ofMillis(3_500)); // two seconds, on a busy machine
      assertThat(dropped("queue_full")).isGreaterThan(19_000);
      assertThat(exported()).isZero();
      assertThat(collector.spans()).isEmpty();
    }
  }

  @Test
  void a_collector_that_is_away_is_tried_again_and_costs_a_stop_two_seconds_at_most() {
    int port = collector.port();
    collector.close();
    Tracing tracing = open(port, Map.of());
    spans(tracing, 10);
    await().until(() -> dropped("export_failed") == 10);
    spans(tracing, 10);

    long stopping = System.nanoTime();
    tracing.close();

    assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(Duration.ofMillis(3_500));
    assertThat(logged.list.getFirst().getFormattedMessage()).contains("127.0.0.1:" + port);
    assertThat(dropped()).isGreaterThanOrEqualTo(10);
  }

  private Tracing open(int port, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("OTEL_TRACES_SAMPLER", "always_on");
    return Tracings.open("http://127.0.0.1:" + port, all, registry);
  }

  private static void spans(Tracing tracing, int count) {
    for (int i = 0; i < count; i++) {
      tracing.begin(Span.Kind.SERVER, "work", null).end();
    }
  }

  private double exported() {
    return registry.getSampleValue("otel_spans_exported_total");
  }

  private double dropped() {
    return dropped("queue_full") + dropped("export_failed") + dropped("stopped");
  }

  private double dropped(String reason) {
    return registry.getSampleValue(
        "otel_spans_dropped_total", new String[] {"reason"}, new String[] {reason});
  }
}
