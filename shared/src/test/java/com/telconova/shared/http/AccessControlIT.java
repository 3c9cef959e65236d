package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessControlIT {
  private static House house;

  @BeforeAll
  static void start() {
    house = new House(AccessControlIT::routes);
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/open", ctx -> ctx.result("open"), Role.ANYONE);
    routes.get("/client", ctx -> ctx.json(Requests.principal(ctx).role()), Role.CLIENT);
    routes.get("/field", ctx -> ctx.json(Requests.principal(ctx).role()), Role.SUPERVISOR);
    routes.get(
        "/some/{id}",
        ctx -> ctx.json(Requests.principal(ctx).role()),
        Role.TECHNICIAN,
        Role.SUPERVISOR);
    routes.get("/admin", ctx -> ctx.json(Requests.principal(ctx).role()), Role.ADMIN);
    routes.get("/forgotten", ctx -> ctx.result("a route without roles"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /client, CLIENT, 200
          /client, TECHNICIAN, 403
          /client, ADMIN, 403
          /field, SUPERVISOR, 200
          /field, ADMIN, 200
          /field, CLIENT, 403
          /field, TECHNICIAN, 403
          /field, SERVICE, 403
          /some/1, TECHNICIAN, 200
          /some/1, SUPERVISOR, 200
          /some/1, ADMIN, 200
          /some/1, CLIENT, 403
          /admin, ADMIN, 200
          /admin, SUPERVISOR, 403
          /forgotten, ADMIN, 403
          """)
  void a_role_reaches_the_routes_that_name_it_and_an_admin_those_of_a_supervisor(
      String path, Role role, int status) {
    HttpResponse<String> response = house.get(path, "Authorization", "Bearer " + house.token(role));

    assertThat(response.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/client", "/field", "/some/1", "/admin", "/forgotten"})
  void without_a_token_there_is_only_401(String path) {
    HttpResponse<String> response = house.get(path);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"microflow\"");
    assertThat(House.json(response).path("status").asInt()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic dTpw", "x", ""})
  void what_is_no_bearer_token_does_not_count(String header) {
    assertThat(house.get("/client", "Authorization", header).statusCode()).isEqualTo(401);
  }

  @Test
  void a_bad_token_does_not_keep_anyone_from_what_is_open() {
    HttpResponse<String> response = house.get("/open", "Authorization", "Bearer x");

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void the_scheme_may_be_written_in_any_case() {
    HttpResponse<String> response =
        house.get("/client", "Authorization", "bearer " + house.token(Role.CLIENT));

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void head_needs_the_token_that_get_needs() {
    assertThat(house.send("HEAD", "/open", null).statusCode()).isEqualTo(200);
    assertThat(house.send("HEAD", "/client", null).statusCode()).isEqualTo(401);
    assertThat(
            house
                .send(
                    "HEAD", "/client", null, "Authorization", "Bearer " + house.token(Role.CLIENT))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_method_that_is_not_there_needs_no_token_to_be_refused() {
    assertThat(house.send("DELETE", "/client", null).statusCode()).isEqualTo(405);
  }
}
