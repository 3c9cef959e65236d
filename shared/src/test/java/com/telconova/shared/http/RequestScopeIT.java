package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.token.Role;
import com.telconova.shared.trace.Trace;
import io.javalin.config.RoutesConfig;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

final class RequestScopeIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static House house;

  @BeforeAll
  static void start() {
    house =
        new House(
            new HttpConfig(
                "127.0.0.1",
                0,
                0,
                Set.of("127.0.0.1", "10.0.0.1", "192.168.0.0/20"),
                Duration.ZERO),
            RequestScopeIT::routes);
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get(
        "/trace", ctx -> ctx.result(Trace.current().orElseThrow().traceparent()), Role.ANYONE);
    routes.get("/mdc", ctx -> ctx.json(MDC.getCopyOfContextMap()), Role.ANYONE);
    routes.get("/address", ctx -> ctx.result(Requests.clientAddress(ctx)), Role.ANYONE);
    routes.get("/measured/{id}", ctx -> ctx.result("ok"), Role.ANYONE);
    routes.get("/closed/{id}", ctx -> ctx.result("ok"), Role.CLIENT);
    routes.get("/fails/{id}", ctx -> ctx.result(List.<String>of().getFirst()), Role.ANYONE);
    routes.get("/picture", ctx -> ctx.contentType("image/png").result(new byte[1]), Role.ANYONE);
    routes.get("/table", ctx -> ctx.contentType("text/csv").result("señal"), Role.ANYONE);
    routes.delete("/gone", ctx -> ctx.status(204), Role.ANYONE);
  }

  @Test
  void a_request_without_an_id_gets_one() {
    HttpResponse<String> one = house.get("/trace");
    HttpResponse<String> other = house.get("/trace");

    assertThat(id(one)).hasSize(36).isNotEqualTo(id(other));
  }

  @Test
  void the_id_that_a_client_sends_is_kept_in_answer_logs_and_errors() {
    assertThat(id(house.get("/trace", "X-Request-Id", "a.B-c_1"))).isEqualTo("a.B-c_1");
    assertThat(House.json(house.get("/mdc", "X-Request-Id", "mine")).path("requestId").asText())
        .isEqualTo("mine");
    HttpResponse<String> error = house.get("/fails/1", "X-Request-Id", "mine");
    assertThat(id(error)).isEqualTo("mine");
    assertThat(House.json(error).path("requestId").asText()).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "<script>", "ñ", "\"", "'--", "x\ty"})
  void an_id_that_could_do_harm_is_replaced(String sent) {
    String answer =
        house.raw("GET /trace HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + sent + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain(sent);
    assertThat(id(house.get("/trace", "X-Request-Id", "x".repeat(65)))).hasSize(36);
  }

  @Test
  void a_trace_goes_on_where_the_client_stands() {
    HttpResponse<String> response =
        house.get("/trace", "traceparent", "00-" + TRACE + "-b7ad6b7169203331-00");

    assertThat(response.body()).startsWith("00-" + TRACE + "-").endsWith("-00");
    assertThat(response.body()).doesNotContain("b7ad6b7169203331");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00-" + TRACE + "-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-" + TRACE + "-0000000000000000-01",
        "ff-" + TRACE + "-b7ad6b7169203331-01"
      })
  void a_malformed_trace_begins_anew(String traceparent) {
    HttpResponse<String> response = house.get("/trace", "traceparent", traceparent);

    assertThat(response.body()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00").doesNotContain(TRACE);
  }

  @Test
  void nothing_of_a_request_is_left_for_the_next_on_its_connection() {
    try (House.Wire wire = house.wire()) {
      wire.write(
          "GET /fails/1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\n\r\n"
              + "GET /mdc HTTP/1.1\r\nHost: x\r\nX-Request-Id: two\r\n\r\n");

      assertThat(wire.readAnswer()).startsWith("HTTP/1.1 500 ");
      assertThat(wire.readAnswer()).contains("\"requestId\":\"two\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          198.51.100.7              | 198.51.100.7
          203.0.113.9, 198.51.100.7 | 198.51.100.7
          2001:db8::1               | 2001:db8::1
          203.0.113.9,              | 127.0.0.1
          203.0.113.9, 10.0.0.1     | 203.0.113.9
          1.1.1.1, 198.51.100.7, 192.168.7.9, 10.0.0.1 | 198.51.100.7
          198.51.100.7, nonsense, 10.0.0.1             | 10.0.0.1
          10.0.0.1                  | 10.0.0.1
          <script>                  | 127.0.0.1
          -                         | 127.0.0.1
          """)
  void a_trusted_proxy_says_for_whom_it_forwards(String forwarded, String expected) {
    HttpResponse<String> response =
        forwarded == null
            ? house.get("/address")
            : house.get("/address", "X-Forwarded-For", forwarded);

    assertThat(response.body()).isEqualTo(expected);
  }

  @Test
  void of_several_forwarding_headers_the_last_is_the_proxys_own() {
    HttpResponse<String> response =
        house.get("/address", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "198.51.100.7");

    assertThat(response.body()).isEqualTo("198.51.100.7");
  }

  @Test
  void nobody_else_is_believed() {
    try (House open = new House(RequestScopeIT::routes)) {
      assertThat(open.get("/address", "X-Forwarded-For", "198.51.100.7").body())
          .isEqualTo("127.0.0.1");
    }
  }

  @Test
  void requests_are_counted_by_method_route_template_and_status() {
    try (House measured = new House(RequestScopeIT::routes)) {
      measured.get("/measured/1");
      measured.get("/measured/2");
      measured.get("/closed/1");
      measured.get("/fails/1");
      measured.get("/nothing/1");
      measured.get("/nothing/2");
      measured.send("DELETE", "/measured/1", null);
      measured.send("FOO", "/measured/1", null);
      measured.send("BAR", "/nothing", null);

      Map.of(
              "GET /measured/{id} 200", 2.0,
              "GET /closed/{id} 401", 1.0,
              "GET /fails/{id} 500", 1.0,
              "GET unmatched 404", 2.0,
              "DELETE unmatched 405", 1.0,
              "_OTHER unmatched 405", 1.0,
              "_OTHER unmatched 404", 1.0)
          .forEach((labels, count) ->
              assertThat(
                      measured.registry.getSampleValue(
                          "http_server_request_duration_seconds_count",
                          new String[] {
                            "http_request_method", "http_route", "http_response_status_code"
                          },
                          labels.split(" ")))
                  .as(labels)
                  .isEqualTo(count));
    }
  }

  @Test
  void an_answer_has_the_type_its_route_gives_it_and_no_other() {
    assertThat(type(house.get("/picture"))).isEqualTo("image/png");
    assertThat(type(house.get("/table"))).startsWith("text/csv");
    assertThat(house.get("/table").body()).isEqualTo("señal");
    assertThat(type(house.get("/mdc"))).isEqualTo("application/json");
    assertThat(type(house.send("DELETE", "/gone", null))).isNull();
  }

  private static String id(HttpResponse<String> response) {
    return response.headers().firstValue("X-Request-Id").orElseThrow();
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse(null);
  }
}
