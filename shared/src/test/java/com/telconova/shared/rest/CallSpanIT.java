package com.telconova.shared.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.config.Secret;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Received;
import com.telconova.shared.testing.Tracings;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Trace;
import com.telconova.shared.trace.Tracing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a collector receives of calls to another service.
final class CallSpanIT {
  private static final String CANARY = "canary7bird";
  private static final Secret TOKEN = new Secret(CANARY);

  private final Collector collector = Collector.start();
  private final HttpClient http = ServiceClient.connections();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<String> traceparents = new ArrayList<>();
  private HttpServer peer;
  private URI base;

  @BeforeEach
  void open() throws IOException {
    peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    peer.createContext(
        "/",
        exchange -> {
          try (exchange) {
            traceparents.add(exchange.getRequestHeaders().getFirst("traceparent"));
            byte[] body = ("{\"" + CANARY + "\": 1}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answers.remove(), body.length);
            exchange.getResponseBody().write(body);
          }
        });
    peer.start();
    base = URI.create("http://127.0.0.1:" + peer.getAddress().getPort());
  }

  @AfterEach
  void close() {
    http.close();
    peer.stop(0);
    collector.close();
  }

  @Test
  void each_try_is_a_span_and_the_peer_goes_on_from_it() {
    answers.addAll(List.of(503, 200));
    UUID id = UUID.randomUUID();

    Trace cause = within(client -> client.get("/users/" + id + "/zones", TOKEN, Map.class));

    List<Received> tries = tries(cause);
    assertThat(tries).hasSize(2).allMatch(span -> span.name().equals("GET /users/{id}/zones"));
    assertThat(tries).allMatch(span -> span.kind().equals("CLIENT"));
    assertThat(traceparents)
        .containsExactlyElementsOf(
            tries.stream().map(s -> "00-" + s.traceId() + "-" + s.spanId() + "-03").toList());
    assertThat(tries.getFirst().isError()).isTrue();
    assertThat(tries.getFirst().attributes())
        .containsEntry("error.type", "503")
        .doesNotContainKey("http.request.resend_count");
    assertThat(tries.getLast().isError()).isFalse();
    assertThat(tries.getLast().attributes())
        .containsEntry("http.request.resend_count", "1")
        .containsEntry("http.request.method", "GET")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.full", base + "/users/" + id + "/zones")
        .containsEntry("url.template", "/users/{id}/zones")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("server.port", Integer.toString(base.getPort()))
        .containsEntry("service.peer.name", "peer");
  }

  @Test
  void nothing_of_what_is_sent_or_answered_is_told() {
    answers.add(201);

    Trace cause =
        within(client -> client.post("/notifications/send", TOKEN, Map.of(CANARY, CANARY), CANARY));

    assertThat(tries(cause)).extracting(Received::name).containsExactly("POST /notifications/send");
    assertThat(collector.calls())
        .allSatisfy(call ->
            assertThat(new String(call.body(), StandardCharsets.UTF_8)).doesNotContain(CANARY));
  }

  @Test
  void a_peer_that_is_not_there_is_an_error_of_its_class() {
    peer.stop(0);

    Trace cause =
        within(client ->
            assertThatThrownBy(() -> client.get("/users/1", TOKEN, Map.class))
                .isInstanceOf(Failure.Unavailable.class));

    assertThat(tries(cause))
        .hasSize(2)
        .allMatch(span -> ConnectException.class.getName().equals(span.attribute("error.type")));
  }

  private Trace within(Consumer<ServiceClient> work) {
    try (Tracing tracing = Tracings.to(collector)) {
      Span span = tracing.begin(Span.Kind.SERVER, "cause", null);
      try (Span.Scope _ = span.enter()) {
        work.accept(new ServiceClient(Clock.systemUTC(), "peer", base, http));
      }
      span.end();
      return span.trace();
    }
  }

  private List<Received> tries(Trace cause) {
    return collector.trace(cause.traceId()).stream()
        .filter(span -> span.parentId().equals(cause.spanId()))
        .toList();
  }
}
