package com.telconova.shared.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a route answers to a body; the finer points of JSON are `JsonTest`'s.
final class BodyIT {
  private static final int KIB = 1024;
  private static final Semaphore unasked = new Semaphore(0);
  private static House house;

  record Note(String text, Integer minutes) implements Body {
    @Override
    public void check(Faults faults) {
      faults.text("/text", text, 3, 400 * KIB);
      faults.range("/minutes", minutes, 0, 60);
    }
  }

  @BeforeAll
  static void start() {
    house = new House(BodyIT::routes);
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.post("/notes", BodyIT::create, Role.ANYONE);
    routes.get(
        "/unasked",
        ctx -> {
          unasked.release();
          ctx.result("here");
        },
        Role.ANYONE);
  }

  private static void create(Context ctx) {
    Note note = Json.read(ctx, Note.class);
    ctx.status(201).json(note);
  }

  @Test
  void a_good_body_is_taken() {
    HttpResponse<String> response = house.post("/notes", "{\"text\": \"Señal débil\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"text\":\"Señal débil\"}");
  }

  @Test
  void every_fault_is_in_one_answer() {
    HttpResponse<String> response = house.post("/notes", "{\"text\": 5, \"minutes\": 61}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.headers().firstValue("Content-Type")).contains(Problem.CONTENT_TYPE);
    assertThat(House.json(response).path("errors"))
        .isEqualTo(
            House.json(
                """
                [{"pointer": "/text", "detail": "takes a text without NUL characters"},
                 {"pointer": "/minutes", "detail": "takes a number from 0 to 60"}]
                """));
  }

  @Test
  void unknown_fields_are_a_bad_request_that_names_them() {
    HttpResponse<String> response =
        house.post("/notes", "{\"text\": \"abc\", \"colour\": \"red\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(House.json(response).path("errors").get(0).path("pointer").asText())
        .isEqualTo("/colour");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "\"text\"", "{", "{\"text\": \"abc\"", "\u0000"})
  void what_is_no_json_object_is_a_bad_request(String body) {
    HttpResponse<String> response = house.post("/notes", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(House.json(response).path("type").asText())
        .isEqualTo("urn:microflow:problem:bad-request");
  }

  @Test
  void no_body_at_all_is_a_bad_request() {
    HttpResponse<String> response =
        house.send("POST", "/notes", null, "Content-Type", "application/json");

    assertThat(response.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"text/plain", "application/xml", "multipart/form-data", "application/jsonp", ";"})
  void another_content_type_is_unsupported(String contentType) {
    HttpResponse<String> response =
        contentType == null
            ? house.send("POST", "/notes", "{\"text\": \"abc\"}")
            : house.send("POST", "/notes", "{\"text\": \"abc\"}", "Content-Type", contentType);

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(House.json(response).path("status").asInt()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "APPLICATION/JSON", "application/json ; charset=utf-8"})
  void json_is_taken_however_it_is_written(String contentType) {
    HttpResponse<String> response =
        house.send("POST", "/notes", "{\"text\": \"abc\"}", "Content-Type", contentType);

    assertThat(response.statusCode()).isEqualTo(201);
  }

  @Test
  void a_compressed_body_is_unsupported() {
    HttpResponse<String> response =
        house.send(
            "POST",
            "/notes",
            "{\"text\": \"abc\"}",
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip");

    assertThat(response.statusCode()).isEqualTo(415);
  }

  @Test
  void the_largest_body_taken_has_256_kib() {
    assertThat(house.post("/notes", bodyOf(256 * KIB)).statusCode()).isEqualTo(201);
    assertThat(house.post("/notes", bodyOf(256 * KIB + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void a_body_that_does_not_say_how_long_it_is_is_cut_at_the_same_length() {
    assertThat(chunked(bodyOf(256 * KIB)).statusCode()).isEqualTo(201);

    HttpResponse<String> response = chunked(bodyOf(256 * KIB + 1));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(House.json(response).path("detail").asText()).contains("256 KiB");
  }

  @Test
  void a_client_that_sends_megabytes_still_gets_its_answer() {
    for (int i = 0; i < 10; i++) {
      HttpResponse<String> response = house.post("/notes", bodyOf(4 * KIB * KIB));

      assertThat(response.statusCode()).isEqualTo(413);
    }
    assertThat(chunked(bodyOf(4 * KIB * KIB)).statusCode()).isEqualTo(413);
  }

  @Test
  void a_client_that_asks_first_is_refused_before_it_sends() {
    String answer =
        house.raw(
            """
            POST /notes HTTP/1.1\r
            Host: x\r
            Content-Type: application/json\r
            Content-Length: 999999999\r
            Expect: 100-continue\r
            \r
            """);

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close");
  }

  /// A client sends head and body in packets of their own: the answer must not overtake the body.
  @Test
  void a_body_that_nobody_asked_for_does_not_cost_the_connection() throws Exception {
    String head = "GET /unasked HTTP/1.1\r\nHost: x\r\n";
    try (House.Wire wire = house.wire()) {
      wire.write(head + "Content-Length: 5\r\n\r\n");
      assertThat(unasked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      assertThat(wire.isSilentFor(Duration.ofMillis(200))).isTrue();

      wire.write("hello");
      assertThat(wire.readAnswer()).startsWith("HTTP/1.1 200 ").doesNotContain("close");
      wire.write(head + "\r\n");
      assertThat(wire.readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void a_body_that_ends_early_is_a_bad_request_and_no_fault_of_ours() {
    try (House.Wire wire = house.wire()) {
      wire.write(
          """
          POST /notes HTTP/1.1\r
          Host: x\r
          Content-Type: application/json\r
          Content-Length: 100\r
          \r
          {"text":\
          """);
      wire.endOutput();

      assertThat(wire.readAnswer()).startsWith("HTTP/1.1 400 ");
    }
  }

  private static String bodyOf(int bytes) {
    String shell = "{\"text\": \"\"}";
    return "{\"text\": \"" + "a".repeat(bytes - shell.length()) + "\"}";
  }

  private static HttpResponse<String> chunked(String body) {
    return house.send(
        HttpRequest.newBuilder(house.uri("/notes"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes(UTF_8))))
            .build());
  }
}
