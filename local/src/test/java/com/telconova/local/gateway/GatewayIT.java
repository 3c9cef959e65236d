package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GatewayIT {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer backend;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.start();
    var owner = at(backend.getAddress().getPort());
    var nobody = at(unusedPort());
    gateway = Gateway.start(0, new Routes(owner, owner, nobody), Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    gateway.close();
    backend.stop(0);
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
  void an_answer_streams_through_while_the_service_still_writes_it() throws Exception {
    var read = new CountDownLatch(1);
    backend.createContext(
        "/orders/stream",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            out.write("first\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            await(read);
            out.write("second\n".getBytes(StandardCharsets.UTF_8));
          }
        });

    var response = client.send(request("/orders/stream").build(), BodyHandlers.ofInputStream());
    var reader = new java.io.BufferedReader(new java.io.InputStreamReader(response.body()));
    var first = reader.readLine();
    read.countDown();

    assertThat(first).isEqualTo("first");
    assertThat(reader.readLine()).isEqualTo("second");
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

  private static int unusedPort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
