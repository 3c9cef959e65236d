package com.telconova.shared.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.GatewayTimeoutResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorAnswersIT {
  private static House house;

  @BeforeAll
  static void start() {
    house = new House(ErrorAnswersIT::routes);
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/things", ctx -> ctx.json(Map.of("ok", true)), Role.ANYONE);
    routes.post("/things", ctx -> ctx.status(201), Role.ANYONE);
    routes.get("/things/{id}", ctx -> ctx.json(Map.of("id", ctx.pathParam("id"))), Role.ANYONE);
    routes.get("/read", ctx -> ctx.result(ctx.bodyInputStream().readAllBytes()), Role.ANYONE);
    routes.get("/conflict", ErrorAnswersIT::conflict, Role.ANYONE);
    routes.get("/unavailable", ErrorAnswersIT::unavailable, Role.ANYONE);
    routes.get("/database", ErrorAnswersIT::database, Role.ANYONE);
    routes.get("/bug", ErrorAnswersIT::bug, Role.ANYONE);
    routes.get("/checked", ErrorAnswersIT::checked, Role.ANYONE);
    routes.get("/javalin", ErrorAnswersIT::javalin, Role.ANYONE);
    routes.get("/error", ErrorAnswersIT::error, Role.ANYONE);
    routes.get("/little", ErrorAnswersIT::little, Role.ANYONE);
    routes.get("/half", ErrorAnswersIT::half, Role.ANYONE);
    routes.get("/half-error", ErrorAnswersIT::halfError, Role.ANYONE);
  }

  private static void conflict(Context ctx) {
    throw new Failure.Conflict("Not now.", Map.of("allowedTransitions", List.of("CANCELLED")));
  }

  private static void unavailable(Context ctx) {
    throw new Failure.Unavailable("Too much work.", Duration.ofSeconds(7));
  }

  private static void database(Context ctx) {
    throw new ConnectionException(
        new SQLTransientConnectionException("no connection to secret-host", "08001"));
  }

  private static void bug(Context ctx) {
    throw new IllegalStateException("secret detail");
  }

  private static void checked(Context ctx) throws SQLException {
    throw new SQLException("secret table", "42P01");
  }

  private static void javalin(Context ctx) {
    throw new GatewayTimeoutResponse("secret upstream");
  }

  private static void error(Context ctx) {
    throw new StackOverflowError("secret depth");
  }

  private static void little(Context ctx) throws IOException {
    ctx.contentType("text/csv");
    ctx.outputStream().write("id\n".getBytes(UTF_8));
    throw new IllegalStateException("the rest cannot be had");
  }

  private static void half(Context ctx) throws IOException {
    ctx.outputStream().write("half".repeat(50_000).getBytes(UTF_8));
    throw new IllegalStateException("the rest cannot be had");
  }

  private static void halfError(Context ctx) throws IOException {
    ctx.outputStream().write("half".repeat(50_000).getBytes(UTF_8));
    throw new StackOverflowError();
  }

  @Test
  void what_is_not_there_is_a_problem_with_all_its_members() {
    HttpResponse<String> response = house.get("/nothing", "X-Request-Id", "r-1");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).contains(Problem.CONTENT_TYPE);
    assertThat(House.json(response))
        .isEqualTo(
            House.json(
                """
                {"type": "urn:microflow:problem:not-found", "title": "Not found", "status": 404,
                 "detail": "There is no operation with this path; the API's document lists those there are.", "instance": "/nothing", "requestId": "r-1"}
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /things      | PUT     | GET, POST
          /things      | DELETE  | GET, POST
          /things      | OPTIONS | GET, POST
          /things      | TRACE   | GET, POST
          /things      | FOO     | GET, POST
          /things      | get     | GET, POST
          /things/5    | POST    | GET
          /things      | BEFORE  | GET, POST
          /things      | BEFORE_MATCHED | GET, POST
          /things      | AFTER   | GET, POST
          """)
  void a_method_that_a_path_does_not_have_is_refused_and_those_it_has_are_named(
      String path, String method, String allow) {
    String answer = house.raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: " + allow + "\r\n");
    assertProblem(answer, 405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEFORE", "AFTER_MATCHED", "FOO", "PUT", "GET"})
  void an_unknown_path_is_not_found_whatever_the_method(String method) {
    String answer = house.raw(method + " /nothing HTTP/1.1\r\nHost: x\r\n\r\n");

    assertProblem(answer, 404);
  }

  @Test
  void head_is_answered_as_get_without_the_body() {
    String get = house.raw("GET /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    HttpResponse<String> head = house.send("HEAD", "/things", null);
    HttpResponse<String> missing = house.send("HEAD", "/nothing", null);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(get)
        .contains("Content-Length: " + head.headers().firstValue("Content-Length").get());
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /things/..%2fusers          | 400
          /things/%2e%2e/users        | 400
          /things/a%2fb               | 400
          /things/a%5Cb               | 400
          /things/a\\b                | 400
          /things//                   | 400
          //things                    | 400
          /things/%zz                 | 400
          /things/%00                 | 400
          /things/%ff                 | 400
          /things/%c0%ae%c0%ae        | 400
          /things/%E2%9C%93           | 200
          /things/a;b                 | 200
          """)
  void an_ambiguous_or_undecodable_path_is_a_bad_request(String path, int status) {
    String answer = house.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status == 400) {
      assertProblem(answer, 400);
    }
  }

  @Test
  void what_jetty_refuses_by_itself_is_a_problem_too() {
    Map.of(
            "garbage\r\n\r\n",
            400,
            "\0\0\0\0\r\n\r\n",
            400,
            "GET /things HTTP/1.1\r\n\r\n",
            400,
            "GET /things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            400,
            "GET /things HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n",
            400,
            "GET /things HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(9_000) + "\r\n\r\n",
            431,
            "GET /" + "b".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            414,
            "GET /things HTTP/9.9\r\nHost: x\r\n\r\n",
            505,
            "CONNECT /things HTTP/1.1\r\nHost: x\r\n\r\n",
            400,
            "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            404)
        .forEach((request, status) -> assertProblem(house.raw(request), status));
  }

  @Test
  void jettys_own_problems_have_a_request_id_that_is_the_clients_where_it_sent_one() {
    JsonNode own = problem(house.raw("garbage\r\n\r\n"));
    JsonNode theirs =
        problem(house.raw("GET /things/..%2f HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\n\r\n"));

    assertThat(own.path("requestId").asText()).hasSize(36);
    assertThat(own.has("instance")).isFalse();
    assertThat(theirs.path("requestId").asText()).isEqualTo("mine");
    assertThat(theirs.path("instance").asText()).isEqualTo("/things/..%2f");
  }

  @Test
  void a_request_that_is_smuggled_in_is_refused() {
    String both =
        house.raw(
            "GET /read HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    String twice =
        house.raw(
            "GET /read HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde");
    String malformed =
        house.raw("GET /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n");

    assertProblem(both, 400);
    assertProblem(twice, 400);
    assertProblem(malformed, 400);
  }

  @Test
  void a_conflict_says_what_would_be_possible() {
    HttpResponse<String> response = house.get("/conflict");

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(House.json(response).path("detail").asText()).isEqualTo("Not now.");
    assertThat(House.json(response).path("allowedTransitions").get(0).asText())
        .isEqualTo("CANCELLED");
  }

  @Test
  void who_is_turned_away_learns_when_to_come_again() {
    HttpResponse<String> busy = house.get("/unavailable");
    HttpResponse<String> down = house.get("/database");

    assertThat(busy.statusCode()).isEqualTo(503);
    assertThat(busy.headers().firstValue("Retry-After")).contains("7");
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.headers().firstValue("Retry-After")).contains("1");
    assertThat(down.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bug", "/checked", "/error", "/javalin"})
  void our_own_faults_reveal_nothing(String path) {
    HttpResponse<String> response = house.get(path);

    JsonNode problem = House.json(response);
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(500);
    assertThat(response.headers().firstValue("Content-Type")).contains(Problem.CONTENT_TYPE);
    assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
    assertThat(problem.path("requestId").asText())
        .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
    assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/half", "/half-error"})
  void an_answer_that_breaks_off_does_not_look_whole(String path) {
    assertThatThrownBy(() -> house.get(path)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void an_answer_that_was_begun_and_not_sent_yet_gives_way_to_the_problem() {
    HttpResponse<String> response = house.get("/little");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.headers().firstValue("Content-Type")).contains(Problem.CONTENT_TYPE);
    assertThat(House.json(response).path("status").asInt()).isEqualTo(500);
  }

  @Test
  void a_compressed_answer_that_breaks_off_does_not_look_whole() {
    assertThatThrownBy(() -> house.get("/half", "Accept-Encoding", "gzip"))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void the_server_serves_on_after_all_of_this() {
    assertThat(house.get("/things").statusCode()).isEqualTo(200);
  }

  private static void assertProblem(String answer, int status) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("\r\nContent-Type: " + Problem.CONTENT_TYPE + "\r\n")
        .containsIgnoringCase("\r\nX-Request-Id: ");
    JsonNode problem = problem(answer);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("type").asText()).startsWith("urn:microflow:problem:");
    assertThat(problem.path("requestId").asText()).isNotEmpty();
  }

  private static JsonNode problem(String answer) {
    return House.json(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }
}
