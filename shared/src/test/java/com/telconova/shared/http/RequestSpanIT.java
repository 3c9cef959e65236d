package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Received;
import com.telconova.shared.testing.Tracings;
import com.telconova.shared.token.Role;
import com.telconova.shared.trace.Trace;
import com.telconova.shared.trace.Tracing;
import io.javalin.config.RoutesConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/// What a collector receives of requests.
final class RequestSpanIT {
  private static final String CANARY = "canary7bird";
  private static final String CALLER = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final Collector collector = Collector.start();

  @AfterEach
  void close() {
    collector.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/things/{id}", ctx -> ctx.json(MDC.getCopyOfContextMap()), Role.ANYONE);
    routes.post(
        "/things", ctx -> ctx.result(Trace.current().orElseThrow().traceparent()), Role.ANYONE);
    routes.get("/closed/{id}", ctx -> ctx.result("ok"), Role.CLIENT);
    routes.get(
        "/fails/{id}", ctx -> ctx.result(List.of(CANARY).get(ctx.path().length())), Role.ANYONE);
  }

  @Test
  void a_request_is_a_span_of_its_route_with_the_ids_that_its_log_lines_have() {
    with(
        Map.of("OTEL_TRACES_SAMPLER", "always_on"),
        house -> {
          var answer = house.get("/things/7", "X-Request-Id", "mine");

          Received span = one();
          assertThat(span.name()).isEqualTo("GET /things/{id}");
          assertThat(span.kind()).isEqualTo("SERVER");
          assertThat(span.isRoot()).isTrue();
          assertThat(span.isError()).isFalse();
          assertThat(span.attributes())
              .isEqualTo(
                  Map.of(
                      "http.request.method", "GET",
                      "http.route", "/things/{id}",
                      "http.response.status_code", "200",
                      "url.scheme", "http",
                      "microflow.request.id", "mine"));
          assertThat(House.json(answer).path("traceId").asText()).isEqualTo(span.traceId());
          assertThat(House.json(answer).path("spanId").asText()).isEqualTo(span.spanId());
          assertThat(span.service()).isEqualTo("tested");
          assertThat(span.resource())
              .containsEntry("telemetry.sdk.language", "java")
              .containsEntry("service.namespace", "microflow")
              .containsKey("service.instance.id");
        });
  }

  @Test
  void it_goes_on_in_the_trace_of_whoever_asks() {
    with(
        Map.of("OTEL_TRACES_SAMPLER_ARG", "0"),
        house -> {
          var answer = house.send("POST", "/things", "{}", "traceparent", parent("01"));

          Received span = one();
          assertThat(span.traceId()).isEqualTo(CALLER);
          assertThat(span.parentId()).isEqualTo(SPAN);
          assertThat(answer.body()).isEqualTo("00-" + CALLER + "-" + span.spanId() + "-01");
        });
  }

  @Test
  void whoever_asks_decides_whether_it_is_recorded() {
    with(
        Map.of("OTEL_TRACES_SAMPLER_ARG", "1"),
        house -> {
          var answer = house.send("POST", "/things", "{}", "traceparent", parent("00"));
          house.get("/things/1");

          assertThat(answer.body()).startsWith("00-" + CALLER).endsWith("-00");
          assertThat(one().name()).isEqualTo("GET /things/{id}");
        });
  }

  @Test
  void unless_it_is_told_not_to_let_them() {
    with(
        Map.of("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0"),
        house -> {
          house.send("POST", "/things", "{}", "traceparent", parent("01"));
        });
    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void of_those_that_nobody_decided_about_it_records_a_part() {
    with(
        Map.of("OTEL_TRACES_SAMPLER_ARG", "0.5"),
        house -> {
          for (int i = 0; i < 200; i++) {
            house.get("/things/1");
          }
        });
    // 200 tosses: outside of this once in 10^9
    assertThat(collector.spans()).hasSizeBetween(57, 143);
  }

  @Test
  void only_what_is_our_fault_is_an_error_and_nothing_that_a_client_sent_is_told() {
    with(
        Map.of("OTEL_TRACES_SAMPLER", "always_on"),
        house -> {
          String[] headers = {"User-Agent", CANARY, "Authorization", "Bearer " + CANARY};
          house.get("/fails/" + CANARY + "?token=" + CANARY, headers);
          house.get("/closed/" + CANARY, headers);
          house.get("/" + CANARY, headers);
          house.send(CANARY.toUpperCase(Locale.ROOT), "/things/1", CANARY, headers);
        });

    assertThat(collector.spans())
        .extracting(
            Received::name,
            Received::isError,
            span -> span.attribute("error.type"),
            span -> span.attribute("http.response.status_code"))
        .containsExactlyInAnyOrder(
            tuple("GET /fails/{id}", true, "500", "500"),
            tuple("GET /closed/{id}", false, null, "401"),
            tuple("GET", false, null, "404"),
            tuple("HTTP", false, null, "405"));
    assertThat(collector.calls())
        .allSatisfy(call ->
            assertThat(
                    new String(call.body(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT))
                .doesNotContain(CANARY));
  }

  private Received one() {
    Callable<Integer> count = () -> collector.spans().size();
    await().until(count, n -> n > 0);
    assertThat(collector.spans()).hasSize(1);
    return collector.spans().getFirst();
  }

  private void with(Map<String, String> settings, Consumer<House> test) {
    try (Tracing tracing = Tracings.to(collector, settings);
        House house = new House(tracing, RequestSpanIT::routes)) {
      test.accept(house);
    }
  }

  private static String parent(String flags) {
    return "00-" + CALLER + "-" + SPAN + "-" + flags;
  }
}
