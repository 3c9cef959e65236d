package com.telconova.local.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the gateway asks of its callers, and how it says no: as API Gateway does on AWS.
@Timeout(30)
final class TermsIT {

  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final int TEN_MB = 10 * 1024 * 1024;
  private static final int MEGABYTES = 14 * 1024 * 1024;
  private static final String KEY = "0123456789abcdef";

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger served = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer backend;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.createContext("/", this::serve);
    backend.start();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    gateway.close();
    backend.stop(0);
  }

  @Test
  void who_comes_too_often_is_told_when_to_come_again_and_the_service_hears_nothing()
      throws Exception {
    open(Terms.USUAL);
    assertThat(get("/orders").statusCode()).isEqualTo(200);
    assertThat(get("/orders").statusCode()).isEqualTo(200);

    var refused = get("/orders");

    assertProblem(refused, 429, "too-many-requests");
    assertThat(refused.headers().firstValue("Retry-After")).contains("2");
    assertThat(served.get()).isEqualTo(2);
    nanos.addAndGet(Duration.ofMillis(1_000).toNanos());
    assertThat(get("/orders").statusCode()).isEqualTo(200);
  }

  @Test
  void every_operation_has_a_throttle_of_its_own_and_other_methods_one_for_each_path()
      throws Exception {
    open(Terms.USUAL);
    for (int i = 0; i < 3; i++) {
      get("/orders");
    }

    assertThat(send(request("/orders").POST(BodyPublishers.noBody())).statusCode()).isEqualTo(200);
    assertThat(send(request("/orders").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
    assertThat(send(request("/orders").DELETE()).statusCode()).isEqualTo(429);
    assertThat(get("/public").statusCode()).isEqualTo(200);
  }

  @Test
  void whoever_measures_is_not_throttled_and_neither_are_the_services_themselves()
      throws Exception {
    open(Terms.NONE);
    for (int i = 0; i < 5; i++) {
      assertThat(get("/orders").statusCode()).isEqualTo(200);
    }
    gateway.close();
    open(Terms.USUAL.withKey(KEY));
    for (int i = 0; i < 5; i++) {
      var inside = HttpRequest.newBuilder(URI.create(gateway.inside() + "/orders"));
      assertThat(send(inside).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void without_a_key_that_counts_nothing_is_let_in_but_what_a_browser_opens_by_itself()
      throws Exception {
    open(Terms.USUAL.withKey(KEY));

    assertProblem(get("/orders"), 403, "forbidden");
    assertProblem(send(request("/orders").header("x-api-key", "guessed")), 403, "forbidden");
    assertProblem(send(request("/orders").DELETE()), 403, "forbidden");
    assertThat(served.get()).isZero();
    assertThat(send(request("/orders").header("x-api-key", KEY)).statusCode()).isEqualTo(200);
    assertThat(get("/public").statusCode()).isEqualTo(200);
  }

  @Test
  void a_key_has_a_throttle_over_all_operations() throws Exception {
    open(Terms.USUAL.withKey(KEY));
    for (var path : List.of("/orders", "/orders", "/things")) {
      assertThat(send(request(path).header("x-api-key", KEY)).statusCode()).isEqualTo(200);
    }

    assertProblem(send(request("/things").header("x-api-key", KEY)), 429, "too-many-requests");
  }

  @Test
  void a_page_from_elsewhere_is_told_what_it_may_send_without_a_key_or_a_service()
      throws Exception {
    gateway = Gateway.start(0, routes(), Terms.USUAL.withKey(KEY), SILENCE);

    var answer =
        send(
            request("/orders/1")
                .header("Origin", "https://app.example.com")
                .header("Access-Control-Request-Method", "PUT")
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
        .contains("GET", "PUT")
        .doesNotContain("POST");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
        .contains("Authorization", "If-Match", "Idempotency-Key", "x-api-key");
    assertThat(served.get()).isZero();
    assertProblem(
        send(request("/nothing").method("OPTIONS", BodyPublishers.noBody())), 404, "not-found");
  }

  @Test
  void a_page_from_elsewhere_may_read_what_the_gateway_refuses() throws Exception {
    open(Terms.USUAL.withKey(KEY));

    for (var path : List.of("/nothing", "/orders")) {
      var headers = get(path).headers();
      assertThat(headers.allValues("Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(headers.firstValue("Access-Control-Expose-Headers").orElse(""))
          .contains("Retry-After", "X-Request-Id");
    }
  }

  @Test
  void a_body_of_ten_megabytes_passes_and_one_byte_more_does_not() throws Exception {
    open(Terms.NONE);

    assertThat(post(new byte[TEN_MB]).body()).endsWith(" " + TEN_MB);
    assertProblem(post(new byte[TEN_MB + 1]), 413, "too-large");
    assertThat(served.get()).isEqualTo(1);
  }

  @Test
  void a_body_that_does_not_say_how_long_it_is_is_counted() throws Exception {
    open(Terms.NONE);

    assertThat(postInChunks(TEN_MB).body()).endsWith(" " + TEN_MB);
    assertProblem(postInChunks(TEN_MB + 1), 413, "too-large");
  }

  @Test
  void whoever_sends_megabytes_too_many_gets_the_answer_on_a_connection_that_stays()
      throws Exception {
    open(Terms.NONE);

    for (var framing : List.of("Content-Length: " + MEGABYTES, "Transfer-Encoding: chunked")) {
      try (var socket = new Socket("127.0.0.1", gateway.uri().getPort())) {
        socket.setSoTimeout(10_000);
        var out = socket.getOutputStream();
        // Twice, and the answers are read when all of it is on its way.
        for (int i = 0; i < 2; i++) {
          out.write(
              "POST /orders HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n"
                  .formatted(framing)
                  .getBytes(US_ASCII));
          send(out, framing.startsWith("Transfer"));
          var answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
          assertThat(answer).as(framing).isEqualTo("HTTP/1.1 413");
          skipToEnd(socket.getInputStream());
        }
      }
    }
  }

  private static void send(OutputStream out, boolean chunked) throws IOException {
    var part = new byte[64 * 1024];
    for (int sent = 0; sent < MEGABYTES; sent += part.length) {
      if (chunked) {
        out.write("10000\r\n".getBytes(US_ASCII));
      }
      out.write(part);
      if (chunked) {
        out.write("\r\n".getBytes(US_ASCII));
      }
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(US_ASCII));
    }
  }

  private static void skipToEnd(InputStream in) throws IOException {
    var last = new StringBuilder();
    while (last.indexOf("}") < 0) {
      last.append((char) in.read());
    }
    assertThat(last.toString()).doesNotContainIgnoringCase("connection: close");
  }

  @Test
  void headers_up_to_api_gateways_limit_pass_and_beyond_it_they_do_not() throws Exception {
    open(Terms.NONE);

    assertThat(send(request("/orders").header("X-Long", "x".repeat(9_800))).statusCode())
        .isEqualTo(200);
    assertProblem(
        send(request("/orders").header("X-Long", "x".repeat(10_240))), 431, "headers-too-large");
  }

  @Test
  void the_service_and_the_client_hear_the_same_id_whoever_made_it() throws Exception {
    open(Terms.NONE);

    assertThat(send(request("/orders").header("X-Request-Id", "mine-1")).body())
        .startsWith("mine-1 ");
    assertThat(send(request("/orders").header("X-Request-Id", "not an id")).body())
        .matches("[0-9a-f-]{36} 0");
    var refused = send(request("/nothing").header("X-Request-Id", "mine-2"));
    assertThat(refused.headers().firstValue("X-Request-Id")).contains("mine-2");
    assertThat(json(refused).path("requestId").asText()).isEqualTo("mine-2");
  }

  @Test
  void a_method_that_no_document_names_is_the_services_to_answer() throws Exception {
    open(Terms.NONE);

    assertThat(send(request("/orders").DELETE()).statusCode()).isEqualTo(200);
    assertThat(served.get()).isEqualTo(1);
  }

  private void serve(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    long bytes = exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
    var answer = (exchange.getRequestHeaders().getFirst("X-Request-Id") + " " + bytes).getBytes();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : answer.length);
    if (!head) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  /// A small document, and a clock that stands still.
  private void open(Terms terms) throws IOException {
    var document =
        Mappers.TOLERANT.readTree(
            """
            {
              "x-throttle": {"rate": 1, "burst": 1},
              "x-throttle-key": {"rate": 1, "burst": 3},
              "paths": {
                "/orders": {
                  "x-service": "workorder",
                  "get": {
                    "security": [{"apiKey": []}], "x-throttle": {"rate": 1, "burst": 2}
                  },
                  "post": {
                    "security": [{"apiKey": []}], "x-throttle": {"rate": 1, "burst": 1}
                  },
                  "x-amazon-apigateway-any-method": {"security": [{"apiKey": []}]}
                },
                "/things": {
                  "x-service": "workorder",
                  "get": {
                    "security": [{"apiKey": []}], "x-throttle": {"rate": 1, "burst": 9}
                  },
                  "x-amazon-apigateway-any-method": {"security": [{"apiKey": []}]}
                },
                "/public": {
                  "x-service": "auth",
                  "get": {"security": [], "x-throttle": {"rate": 1, "burst": 1}},
                  "x-amazon-apigateway-any-method": {"security": []}
                }
              }
            }
            """);
    gateway = Gateway.start(0, routes(), new Api(document, nanos::get), terms, SILENCE);
  }

  private Routes routes() {
    var uri = URI.create("http://127.0.0.1:" + backend.getAddress().getPort());
    var owner = new Backend(List.of(new Backend.Instance(uri, uri)));
    return new Routes(owner, owner, owner);
  }

  private HttpResponse<String> post(byte[] body) throws Exception {
    return send(request("/orders").POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> postInChunks(int bytes) throws Exception {
    var body = BodyPublishers.ofInputStream(() -> zeros(bytes));
    return send(request("/orders").POST(body));
  }

  private static InputStream zeros(int bytes) {
    return new java.io.ByteArrayInputStream(new byte[bytes]);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.uri() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String slug)
      throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).path("type").asText()).isEqualTo("urn:microflow:problem:" + slug);
    assertThat(json(answer).path("status").asInt()).isEqualTo(status);
    assertThat(answer.headers().firstValue("X-Request-Id"))
        .contains(json(answer).path("requestId").asText());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return Mappers.TOLERANT.readTree(answer.body());
  }
}
