package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequesterIT {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final java.util.concurrent.ExecutorService threads =
      Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  @Test
  void answers_of_a_known_and_of_an_unknown_length_are_counted() throws Exception {
    for (boolean chunked : List.of(false, true)) {
      var url = serve(exchange -> reply(exchange, 200, chunked, "x".repeat(100_000)));

      try (var requester = new Requester(List.of(url), 4, _ -> REQUEST)) {
        var result = requester.closed(Duration.ofMillis(300));

        assertThat(result.errors()).isEmpty();
        assertThat(result.answered()).isGreaterThan(4);
        assertThat(result.millis().size()).isEqualTo((int) result.answered());
      }
      server.stop(0);
    }
  }

  @Test
  void what_is_refused_is_counted_by_its_status_and_never_as_served() throws Exception {
    var url = serve(exchange -> reply(exchange, 503, false, "busy"));

    try (var requester = new Requester(List.of(url), 2, _ -> REQUEST)) {
      var result = requester.open(100, Duration.ofMillis(200));

      assertThat(result.answered()).isZero();
      assertThat(result.errors()).containsOnlyKeys("503");
      assertThat(result.failed()).isEqualTo(20);
    }
  }

  @Test
  void an_open_loop_counts_the_time_from_when_a_request_was_due() throws Exception {
    var stall = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    var url =
        serve(exchange -> {
          LockSupport.parkNanos(Math.max(0, stall - System.nanoTime()));
          reply(exchange, 200, false, "late");
        });

    try (var requester = new Requester(List.of(url), 1, _ -> REQUEST)) {
      var result = requester.open(100, Duration.ofMillis(600));

      // One connection: all that were due meanwhile waited, though each answer came at once.
      assertThat(result.answered()).isEqualTo(60);
      assertThat(result.millis().percentile(50)).isGreaterThan(50);
    }
  }

  private URI serve(HttpHandler handler) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void reply(HttpExchange exchange, int status, boolean chunked, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, chunked ? 0 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
