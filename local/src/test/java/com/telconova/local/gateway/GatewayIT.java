package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GatewayIT {

  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer backend;
  private Refusing down;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.start();
    var owner = at(backend.getAddress().getPort());
    down = new Refusing();
    var nobody = at(down.port());
    gateway = Gateway.start(0, new Routes(owner, owner, nobody), Terms.USUAL, SILENCE);
  }

  @AfterEach
  void stop() throws IOException {
    client.shutdownNow();
    gateway.close();
    backend.stop(0);
    down.close();
  }

  @Test
  void a_request_arrives_as_it_was_sent_and_the_answer_comes_back() throws Exception {
    backend.createContext(
        "/orders",
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"7\"");
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          answer(
              exchange,
              201,
              exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        });

    var response =
        send(request("/orders?q=a%20b&limit=5").POST(BodyPublishers.ofString("{\"x\":1}")));

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("POST /orders?q=a%20b&limit=5 {\"x\":1}");
    assertThat(response.headers().firstValue("ETag")).contains("\"7\"");
  }

  @Test
  void the_client_cannot_claim_another_address() throws Exception {
    backend.createContext(
        "/auth",
        exchange ->
            answer(
                exchange,
                200,
                exchange.getRequestHeaders().get("X-Forwarded-For")
                    + " "
                    + exchange.getRequestHeaders().get("Forwarded")));

    var response =
        send(
            request("/auth/login")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("Forwarded", "for=203.0.113.9"));

    assertThat(response.body()).isEqualTo("[127.0.0.1] null");
  }

  @Test
  void an_event_arrives_before_the_next_is_sent() throws Exception {
    var read = new CountDownLatch(1);
    backend.createContext(
        "/orders/stream",
        exchange -> {
          try (var out = stream(exchange)) {
            out.write("id: 1\ndata: first\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            await(read);
            out.write("id: 2\ndata: second\n\n".getBytes(StandardCharsets.UTF_8));
          }
        });

    var response = client.send(request("/orders/stream").build(), BodyHandlers.ofLines());
    var lines = response.body().iterator();
    var first = List.of(lines.next(), lines.next(), lines.next());
    read.countDown();

    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(first).containsExactly("id: 1", "data: first", "");
    assertThat(lines).toIterable().containsExactly("id: 2", "data: second", "");
  }

  @Test
  void a_stream_without_events_lives_on_its_comments() throws Exception {
    var pause = SILENCE.dividedBy(3);
    backend.createContext(
        "/orders/stream",
        exchange -> {
          try (var out = stream(exchange)) {
            for (int i = 0; i < 6; i++) {
              LockSupport.parkNanos(pause.toNanos());
              out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
              out.flush();
            }
          }
        });

    var response = send(request("/orders/stream"));

    assertThat(response.body()).isEqualTo(":\n\n".repeat(6));
  }

  @Test
  void a_client_that_leaves_a_stream_ends_it_at_the_service_too() throws Exception {
    var ended = new CompletableFuture<IOException>();
    backend.createContext(
        "/orders/stream",
        exchange -> {
          try (var out = stream(exchange)) {
            while (true) {
              out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
              out.flush();
              LockSupport.parkNanos(10_000_000);
            }
          } catch (IOException e) {
            ended.complete(e);
          }
        });

    try (var body =
        client.send(request("/orders/stream").build(), BodyHandlers.ofInputStream()).body()) {
      assertThat(body.read()).isEqualTo(':');
      assertThat(ended).isNotDone();
    }

    assertThat(ended.get()).isNotNull();
  }

  @Test
  void a_part_of_a_file_comes_as_it_was_asked_for() throws Exception {
    backend.createContext(
        "/orders/file",
        exchange -> {
          var asked = exchange.getRequestHeaders();
          exchange.getResponseHeaders().set("Content-Range", "bytes 6-9/1000");
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          answer(exchange, 206, asked.getFirst("Range") + " " + asked.getFirst("If-Range"));
        });

    var response =
        send(request("/orders/file").header("Range", "bytes=6-9").header("If-Range", "\"7\""));

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo("bytes=6-9 \"7\"");
    assertThat(response.headers().firstValue("Content-Range")).contains("bytes 6-9/1000");
    assertThat(response.headers().firstValue("Accept-Ranges")).contains("bytes");
    assertThat(response.headers().firstValue("Content-Length")).contains("13");
  }

  @Test
  void a_head_has_the_length_and_type_of_what_it_does_not_bring() throws Exception {
    backend.createContext(
        "/orders/file",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
          exchange.getResponseHeaders().set("Content-Length", "1000");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });

    var response = send(request("/orders/file").HEAD());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Length")).contains("1000");
    assertThat(response.headers().firstValue("Content-Type")).contains("image/jpeg");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void a_request_body_streams_through_while_the_client_still_sends_it() throws Exception {
    var arrived = new CountDownLatch(1);
    backend.createContext(
        "/orders",
        exchange -> {
          var first = exchange.getRequestBody().readNBytes(5);
          arrived.countDown();
          var rest = exchange.getRequestBody().readAllBytes();
          answer(exchange, 200, new String(first, StandardCharsets.UTF_8) + "+" + rest.length);
        });
    var pipe = new PipedOutputStream();
    InputStream body = new PipedInputStream(pipe, 1 << 20);

    var response =
        client.sendAsync(
            request("/orders").POST(BodyPublishers.ofInputStream(() -> body)).build(),
            BodyHandlers.ofString());
    pipe.write("begin".getBytes(StandardCharsets.UTF_8));
    pipe.write(new byte[100_000]);
    pipe.flush();
    await(arrived);
    pipe.write(new byte[100_000]);
    pipe.close();

    assertThat(response.get().body()).isEqualTo("begin+200000");
  }

  @Test
  void a_path_that_nobody_owns_is_a_404_problem() throws Exception {
    assertProblem(send(request("/metrics")), 404, "not-found", "/metrics");
  }

  @Test
  void a_path_that_leaves_its_owner_by_dots_is_not_passed_on() throws Exception {
    backend.createContext("/", exchange -> answer(exchange, 200, "passed on"));

    assertThat(send(request("/orders/..%2f..%2fmetrics")).statusCode()).isBetween(400, 404);
    assertThat(send(request("/orders/../metrics")).statusCode()).isEqualTo(404);
  }

  @Test
  void a_service_that_is_down_is_a_502_problem() throws Exception {
    assertProblem(send(request("/tracking/1")), 502, "bad-gateway", "/tracking/1");
  }

  @Test
  void a_service_that_stays_silent_is_a_504_problem() throws Exception {
    var end = new CountDownLatch(1);
    backend.createContext("/orders", _ -> await(end));

    var response = send(request("/orders"));
    end.countDown();

    assertProblem(response, 504, "gateway-timeout", "/orders");
  }

  private static void assertProblem(
      HttpResponse<String> response, int status, String slug, String path) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = Mappers.TOLERANT.readTree(response.body());
    assertThat(problem.path("type").asText()).isEqualTo("urn:microflow:problem:" + slug);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("instance").asText()).isEqualTo(path);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.uri() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static OutputStream stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Backend at(int port) {
    var uri = URI.create("http://127.0.0.1:" + port);
    return new Backend(List.of(new Backend.Instance(uri, uri)));
  }
}
