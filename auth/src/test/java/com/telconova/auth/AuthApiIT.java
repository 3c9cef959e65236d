package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.AuthFixture.Written;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import com.telconova.shared.testing.EventMetrics;
import com.telconova.shared.token.JwkSet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class AuthApiIT {
  private static AuthFixture fixture;
  private static AuthApp app;
  private static Api api;
  private static String admin;

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    app = fixture.start();
    api = fixture.api(app);
    admin = fixture.login(api, AuthFixture.ADMIN).access();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void somebody_registers_logs_in_changes_their_profile_and_stays_logged_in() {
    Answer registered =
        api.post(
            "/auth/register",
            null,
            """
            {"email": " Maria.Diaz@Example.COM ", "password": "tres barcos verdes",
             "name": " María Díaz ", "phone": "+573001234567", "locale": "en",
             "timeZone": "America/New_York"}
            """);
    String id = registered.text("/id");
    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.header("Location")).isEqualTo("/auth/profile");
    assertThat(registered.body().properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactly(
            "id", "email", "name", "phone", "role", "locale", "timeZone", "active", "createdAt");
    assertThat(registered.text("/email")).isEqualTo("maria.diaz@example.com");
    assertThat(registered.text("/name")).isEqualTo("María Díaz");
    assertThat(registered.text("/role")).isEqualTo("CLIENT");
    assertThat(registered.text("/active")).isEqualTo("true");
    assertThat(registered.text("/createdAt")).isEqualTo(fixture.clock.instant().toString());

    Answer login =
        api.post(
            "/auth/login",
            null,
            """
            {"email": "MARIA.DIAZ@example.com", "password": "tres barcos verdes"}
            """,
            "User-Agent",
            "Firefox/150 " + "x".repeat(300));
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.header("Cache-Control")).isEqualTo("no-store");
    assertThat(login.text("/tokenType")).isEqualTo("Bearer");
    assertThat(login.text("/expiresIn")).isEqualTo("300");
    assertThat(login.body().at("/user")).isEqualTo(registered.body());

    Tokens tokens = Tokens.of(login);
    ObjectNode profile = registered.body().deepCopy();
    profile.putObject("notificationPreferences");
    assertThat(api.get("/auth/profile", tokens.access()).body()).isEqualTo(profile);
    Answer changed =
        api.put(
            "/auth/profile",
            tokens.access(),
            """
            {"name": "María Díaz Ruiz", "locale": "es"}
            """);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text("/name")).isEqualTo("María Díaz Ruiz");
    assertThat(changed.text("/phone")).isNull();
    assertThat(changed.text("/locale")).isEqualTo("es");
    assertThat(changed.text("/timeZone")).isEqualTo("America/New_York");
    assertThat(api.get("/auth/profile", tokens.access()).body()).isEqualTo(changed.body());

    Answer refreshed = fixture.tryToRefresh(api, tokens.refresh());
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.header("Cache-Control")).isEqualTo("no-store");
    assertThat(refreshed.body().has("user")).isFalse();
    assertThat(refreshed.text("/refreshToken")).isNotEqualTo(tokens.refresh());
    String access = refreshed.text("/accessToken");
    assertThat(api.get("/auth/profile", access).text("/id")).isEqualTo(id);

    List<Written> events = fixture.events(id);
    String sid = JWT.decode(access).getClaim("sid").asString();
    assertThat(events)
        .extracting(Written::type)
        .containsExactly("user.registered", "user.login", "user.authenticated", "user.updated");
    assertThat(events).extracting(Written::sequence).containsExactly(1L, 2L, 3L, 4L);
    assertThat(events.get(0).data().toString())
        .isEqualTo(
            """
            {"userId":"%s","email":"maria.diaz@example.com","name":"María Díaz",\
            "phone":"+573001234567","role":"CLIENT","locale":"en","timeZone":"America/New_York",\
            "active":true}\
            """
                .formatted(id));
    assertThat(events.get(1).data().toString())
        .isEqualTo(
            """
            {"userId":"%s","address":"127.0.0.1","device":"%s"}\
            """
                .formatted(id, "Firefox/150 " + "x".repeat(188)));
    assertThat(events.get(2).data().toString())
        .isEqualTo(
            """
            {"userId":"%s","sessionId":"%s","role":"CLIENT","amr":["pwd"]}\
            """
                .formatted(id, sid));
    assertThat(events.get(3).data().toString())
        .isEqualTo(
            """
            {"userId":"%s","email":"maria.diaz@example.com","name":"María Díaz Ruiz",\
            "role":"CLIENT","locale":"es","timeZone":"America/New_York","active":true}\
            """
                .formatted(id));
  }

  @Test
  void an_access_token_says_what_rfc_9068_asks_for_and_verifies_with_the_published_key()
      throws Exception {
    String id = fixture.register(api, "claims@example.com");
    String access = fixture.login(api, "claims@example.com").access();

    HttpResponse<String> response = getAnonymously("/.well-known/jwks.json");

    DecodedJWT token = JWT.decode(access);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
    assertThat(response.body()).doesNotContain("\"d\"");
    JwkSet keys = Mappers.TOLERANT.readValue(response.body(), JwkSet.class);
    Algorithm.ECDSA256(keys.toKeys().get(token.getKeyId()), null).verify(token);
    assertThat(token.getType()).isEqualTo("at+jwt");
    assertThat(token.getAlgorithm()).isEqualTo("ES256");
    assertThat(token.getIssuer()).isEqualTo(com.telconova.shared.testing.Tokens.ISSUER);
    assertThat(token.getAudience()).containsExactly("microflow");
    assertThat(token.getSubject()).isEqualTo(id);
    assertThat(token.getClaim("roles").asList(String.class)).containsExactly("CLIENT");
    assertThat(token.getId()).isNotBlank();
    assertThat(token.getExpiresAtAsInstant())
        .isEqualTo(token.getIssuedAtAsInstant().plusSeconds(300));
  }

  @Test
  void an_admin_creates_any_role_and_a_supervisor_only_looks() {
    Answer created =
        api.post(
            "/users",
            admin,
            """
            {"email": "sofia@example.com", "password": "tres barcos verdes", "name": "Sofía Vega",
             "role": "SUPERVISOR"}
            """);
    String id = created.text("/id");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo("/users/" + id);
    assertThat(created.text("/role")).isEqualTo("SUPERVISOR");
    assertThat(created.text("/locale")).isEqualTo("es");
    assertThat(created.text("/timeZone")).isEqualTo("America/Bogota");
    assertThat(fixture.eventTypes(id)).containsExactly("user.registered");

    String supervisor =
        Tokens.of(fixture.tryToLogin(api, "sofia@example.com", "tres barcos verdes")).access();
    String technicianId = fixture.create(api, admin, "luis@example.com", "TECHNICIAN");
    String technician = fixture.login(api, "luis@example.com").access();

    assertThat(api.get("/users/" + technicianId, supervisor).text("/role")).isEqualTo("TECHNICIAN");
    assertThat(api.get("/users/" + technicianId, admin).status()).isEqualTo(200);
    assertThat(api.get("/users", supervisor).status()).isEqualTo(200);
    assertThat(api.post("/users", supervisor, "{}").status()).isEqualTo(403);
    assertThat(api.get("/users/" + technicianId, technician).status()).isEqualTo(403);
    assertThat(api.get("/users", technician).status()).isEqualTo(403);
    assertThat(api.get("/users", null).status()).isEqualTo(401);
    assertThat(api.get("/users/" + UUID.randomUUID(), admin).status()).isEqualTo(404);
    assertThat(api.get("/users/nobody", admin).status()).isEqualTo(404);
  }

  @Test
  void every_user_is_on_one_page_of_the_list_and_newcomers_move_nobody() {
    List<String> created = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      created.addFirst(fixture.create(api, admin, "page" + n + "@example.com", "TECHNICIAN"));
    }

    List<String> listed = new ArrayList<>();
    String next = "/users?role=TECHNICIAN&active=true&limit=2";
    while (next != null) {
      Answer page = api.get(next, admin);
      assertThat(page.status()).isEqualTo(200);
      page.body().at("/items").forEach(user -> listed.add(user.at("/id").asText()));
      String cursor = page.text("/nextCursor");
      next = cursor == null ? null : "/users?role=TECHNICIAN&active=true&limit=2&cursor=" + cursor;
      fixture.create(api, admin, UUID.randomUUID() + "@example.com", "TECHNICIAN");
    }

    assertThat(listed).doesNotHaveDuplicates().containsSubsequence(created);
  }

  @Test
  void the_list_filters_by_role_and_activity() {
    String client = fixture.register(api, "asleep@example.com");
    deactivate(client);

    assertThat(ids("/users?active=false")).containsExactly(client);
    assertThat(ids("/users?active=false&role=ADMIN")).isEmpty();
    assertThat(ids("/users?role=ADMIN")).hasSize(1);
    assertThat(api.get("/users?active=maybe&rolle=ADMIN&limit=0", admin).body().at("/errors"))
        .hasSize(3);
    assertThat(api.get("/users?role=SERVICE", admin).status()).isEqualTo(400);
    assertThat(api.get("/users?cursor=AAAA", admin).status()).isEqualTo(400);
  }

  @Test
  void a_registration_hears_of_everything_that_is_wrong_with_it() {
    Answer answer =
        api.post(
            "/auth/register",
            null,
            """
            {"email": "ana@localhost", "password": "12345678", "name": "Ana\\r\\nBcc: all",
             "phone": "300 123", "locale": "fr", "timeZone": "+05:00"}
            """);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body().at("/errors").findValuesAsText("pointer"))
        .containsExactly("/email", "/password", "/name", "/phone", "/locale", "/timeZone");
    assertThat(answer.body().toString()).doesNotContain("12345678");
  }

  @Test
  void a_registration_without_anything_names_what_it_needs() {
    Answer answer = api.post("/auth/register", null, "{}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/errors").findValuesAsText("pointer"))
        .containsExactly("/email", "/password", "/name");
  }

  @Test
  void nobody_registers_with_a_role_of_their_choice() {
    Answer answer =
        api.post(
            "/auth/register",
            null,
            """
            {"email": "eve@example.com", "password": "tres barcos verdes", "name": "Eve",
             "role": "ADMIN"}
            """);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/errors/0/pointer")).isEqualTo("/role");
    assertThat(fixture.count("select count(*) from auth.app_user where email like 'eve@%'"))
        .isZero();
  }

  @Test
  void a_user_is_created_in_a_role_of_ours_and_no_other() {
    Answer service = tryToCreate("\"SERVICE\"");
    Answer none = tryToCreate("null");

    assertThat(service.status()).isEqualTo(422);
    assertThat(service.text("/errors/0/pointer")).isEqualTo("/role");
    assertThat(none.status()).isEqualTo(422);
    assertThat(none.text("/errors/0/detail")).isEqualTo("is required");
  }

  @Test
  void one_address_has_one_account_however_it_is_typed() {
    fixture.register(api, "once@example.com");

    assertThat(fixture.tryToRegister(api, " ONCE@Example.com ").status()).isEqualTo(409);
    assertThat(
            api.post(
                    "/users",
                    admin,
                    """
                    {"email": "once@example.com", "password": "tres barcos verdes", "name": "Two",
                     "role": "ADMIN"}
                    """)
                .status())
        .isEqualTo(409);
  }

  @Test
  void a_profile_takes_no_more_than_a_profile_and_says_what_is_wrong() {
    fixture.register(api, "profile@example.com");
    String token = fixture.login(api, "profile@example.com").access();

    Answer email = api.put("/auth/profile", token, "{\"name\": \"A\", \"email\": \"b@b.co\"}");
    Answer wrong =
        api.put("/auth/profile", token, "{\"name\": \"  \", \"timeZone\": \"Mars/Olympus\"}");

    assertThat(email.status()).isEqualTo(400);
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body().at("/errors").findValuesAsText("pointer"))
        .containsExactly("/name", "/timeZone");
    assertThat(api.put("/auth/profile", null, "{}").status()).isEqualTo(401);
  }

  @Test
  void a_profile_that_stays_the_same_is_no_news() {
    String id = fixture.register(api, "same@example.com");
    String token = fixture.login(api, "same@example.com").access();

    Answer same = api.put("/auth/profile", token, "{\"name\": \" Ana Torres \"}");

    assertThat(same.status()).isEqualTo(200);
    assertThat(fixture.eventTypes(id)).doesNotContain("user.updated");
  }

  @Test
  void preferences_are_kept_told_to_everybody_and_stay_when_they_are_not_sent() {
    String id = fixture.register(api, "told@example.com");
    String token = fixture.login(api, "told@example.com").access();
    String preferences =
        """
        {"channels":["EMAIL","PUSH"],"perEvent":{"order.status_changed":[],\
        "sla.warning":["SMS","PUSH"]},"quietHours":{"start":"22:00","end":"06:30"}}\
        """;

    Answer changed =
        api.put(
            "/auth/profile",
            token,
            """
            {"name": "Ana", "notificationPreferences": {
              "channels": ["PUSH", "EMAIL", "PUSH"],
              "perEvent": {"sla.warning": ["PUSH", "SMS"], "order.status_changed": []},
              "quietHours": {"start": "22:00", "end": "06:30"}}}
            """);
    api.put("/auth/profile", token, "{\"name\": \"Ana Torres\"}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().at("/notificationPreferences").toString()).isEqualTo(preferences);
    assertThat(api.get("/auth/profile", token).body().at("/notificationPreferences").toString())
        .isEqualTo(preferences);
    assertThat(fixture.events(id).getLast().data().at("/notificationPreferences").toString())
        .isEqualTo(preferences);
    assertThat(api.get("/users/" + id, admin).body().has("notificationPreferences")).isFalse();

    api.put("/auth/profile", token, "{\"name\": \"Ana\", \"notificationPreferences\": {}}");

    assertThat(api.get("/auth/profile", token).body().at("/notificationPreferences")).isEmpty();
    assertThat(fixture.events(id).getLast().data().has("notificationPreferences")).isFalse();
  }

  @Test
  void preferences_say_all_that_is_wrong_with_them() {
    fixture.register(api, "fussy@example.com");
    String token = fixture.login(api, "fussy@example.com").access();

    Answer answer =
        api.put(
            "/auth/profile",
            token,
            """
            {"name": "Ana", "notificationPreferences": {
              "channels": ["EMAIL", "PIGEON"],
              "perEvent": {"order.created": null, "sla.warning": ["SMS", 5], "Anything!": []},
              "quietHours": {"start": "25:00"}}}
            """);
    Answer never =
        api.put(
            "/auth/profile",
            token,
            """
            {"name": "Ana",
             "notificationPreferences": {"quietHours": {"start": "08:00", "end": "08:00"}}}
            """);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder(
            "/notificationPreferences/channels/1",
            "/notificationPreferences/perEvent/order.created",
            "/notificationPreferences/perEvent/sla.warning/1",
            "/notificationPreferences/perEvent",
            "/notificationPreferences/quietHours/start",
            "/notificationPreferences/quietHours/end");
    assertThat(never.text("/errors/0/pointer"))
        .isEqualTo("/notificationPreferences/quietHours/end");
  }

  @Test
  void a_wrong_method_learns_the_right_ones() {
    Answer answer = api.get("/auth/login", null);

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains("POST");
  }

  @Test
  void an_inactive_account_gets_the_same_answer_as_a_wrong_password() {
    String id = fixture.register(api, "gone@example.com");
    Tokens tokens = fixture.login(api, "gone@example.com");
    deactivate(id);

    Answer inactive = fixture.tryToLogin(api, "gone@example.com", AuthFixture.PASSWORD);
    Answer wrong = fixture.tryToLogin(api, "claims@example.com", "not the password");
    Answer unknown = fixture.tryToLogin(api, "nobody@example.com", "not the password");
    Answer malformed = fixture.tryToLogin(api, "nobody", "not the password");

    assertThat(List.of(inactive, wrong, unknown, malformed))
        .allSatisfy(answer -> {
          assertThat(answer.status()).isEqualTo(401);
          assertThat(answer.text("/detail")).isEqualTo(inactive.text("/detail"));
        });
    assertThat(fixture.tryToRefresh(api, tokens.refresh()).status()).isEqualTo(401);
    assertThat(fixture.eventTypes(id))
        .containsExactly("user.registered", "user.login", "user.authenticated");
  }

  @Test
  void nothing_of_a_password_is_kept_or_told() {
    fixture.register(api, "kept@example.com");

    List<String> hashes =
        fixture.database.withHandle(handle ->
            handle.select("select password_hash from auth.app_user").mapTo(String.class).list());

    assertThat(hashes).allMatch(hash -> hash.startsWith("$argon2id$v=19$m=12288,t=3,p=1$"));
    assertThat(fixture.count("select count(*) from auth.outbox where data::text ~ 'boots|argon'"))
        .isZero();
  }

  @Test
  void it_says_how_its_outbox_and_its_queues_are() {
    EventMetrics.check(app.adminPort(), "auth");
  }

  @Test
  void the_process_says_how_it_is() throws Exception {
    HttpResponse<String> ready = get(app.adminPort(), "/health/ready");
    HttpResponse<String> metrics = get(app.adminPort(), "/metrics");

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains("password_hash_duration_seconds_count")
        .contains("password_hash_waiting")
        .contains("http_server_request_duration_seconds_count{http_request_method=\"POST\"");
  }

  private static Answer tryToCreate(String role) {
    return api.post(
        "/users",
        admin,
        """
        {"email": "role@example.com", "password": "tres barcos verdes", "name": "Role",
         "role": %s}
        """
            .formatted(role));
  }

  private static List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    api.get(path, admin).body().at("/items").forEach(user -> ids.add(user.at("/id").asText()));
    return ids;
  }

  private static void deactivate(String id) {
    fixture.database.useHandle(
        handle -> handle.execute("update auth.app_user set active = false where id = ?::uuid", id));
  }

  private static HttpResponse<String> getAnonymously(String path) throws Exception {
    return get(app.port(), path);
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
