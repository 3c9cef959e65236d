package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DoorIT {
  private final AtomicBoolean full = new AtomicBoolean(true);

  private House house() {
    return new House(
        () -> full.get() ? Optional.empty() : Optional.of(Runnable::run), DoorIT::routes);
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/thing", ctx -> ctx.json(Map.of("served", true)), Role.CLIENT);
    routes.get("/open", ctx -> ctx.json(Map.of("served", true)), Role.ANYONE);
    routes.post("/thing", ctx -> ctx.json(Map.of("sent", ctx.body())), Role.CLIENT);
  }

  @Test
  void while_the_database_is_full_a_request_is_refused_whoever_sends_it() {
    try (House house = house()) {
      for (String token : new String[] {house.token(Role.CLIENT), "forged"}) {
        HttpResponse<String> refused =
            house.get("/thing", "Authorization", "Bearer " + token, "X-Request-Id", "mine");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue("X-Request-Id")).contains("mine");
        assertThat(refused.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(House.json(refused).at("/type").asText())
            .isEqualTo("urn:microflow:problem:unavailable");
        assertThat(House.json(refused).at("/instance").asText()).isEqualTo("/thing");
        assertThat(House.json(refused).at("/requestId").asText()).isEqualTo("mine");
      }
      assertThat(
              house.registry.getSampleValue(
                  "http_server_request_duration_seconds_count",
                  new String[] {"http_request_method", "http_route", "http_response_status_code"},
                  new String[] {"GET", "unmatched", "503"}))
          .isEqualTo(2);

      full.set(false);

      assertThat(
              house
                  .get("/thing", "Authorization", "Bearer " + house.token(Role.CLIENT))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void who_needs_no_token_or_sends_a_body_is_let_in() {
    try (House house = house()) {
      assertThat(house.get("/open").statusCode()).isEqualTo(200);
      assertThat(house.get("/thing").statusCode()).isEqualTo(401);
      HttpResponse<String> posted =
          house.send(
              "POST",
              "/thing",
              "x".repeat(100_000),
              "Authorization",
              "Bearer " + house.token(Role.CLIENT));
      assertThat(posted.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_connection_outlives_refusals() {
    try (House house = house();
        House.Wire wire = house.wire()) {
      String head =
          "%s /thing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + house.token(Role.CLIENT);
      for (int i = 0; i < 3; i++) {
        wire.write(head.formatted("GET") + "\r\n\r\n");

        assertThat(wire.readAnswer()).startsWith("HTTP/1.1 503 ").endsWith("}");
      }
      full.set(false);
      wire.write(head.formatted("GET") + "\r\n\r\n");

      assertThat(wire.readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }
}
