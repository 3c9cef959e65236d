package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.shared.config.Settings;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an ADMIN can read of what was done to accounts.
final class AuditIT {
  private static final String NEW_PASSWORD = "nine dry stones";

  private static AuthFixture fixture;
  private static Api api;
  private static String admin;
  private static String adminId;

  private String email;
  private String user;

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    api = fixture.api(fixture.start());
    admin = fixture.login(api, AuthFixture.ADMIN).access();
    adminId = JWT.decode(admin).getSubject();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void register() {
    email = UUID.randomUUID() + "@example.com";
    user = fixture.register(api, email);
  }

  @Test
  void an_account_has_a_history_from_its_first_day() {
    Tokens phone = fixture.login(api, email);
    Tokens laptop = fixture.login(api, email);
    fixture.tryToLogin(api, email, "not the password", "198.51.100.66");
    change(phone, "not it either", NEW_PASSWORD);
    change(phone, AuthFixture.PASSWORD, NEW_PASSWORD);
    patch(user, "{\"role\": \"TECHNICIAN\"}");
    patch(user, "{\"active\": false}");
    fixture.tryToLogin(api, email, NEW_PASSWORD);
    patch(user, "{\"active\": true}");

    List<JsonNode> entries = trail(user);
    assertThat(entries.reversed())
        .extracting(entry -> entry.at("/type").asText())
        .containsExactly(
            "account.registered",
            "login.succeeded",
            "login.succeeded",
            "login.failed",
            "confirmation.failed",
            "session.ended",
            "password.changed",
            "role.changed",
            "session.ended",
            "account.deactivated",
            "login.failed",
            "account.reactivated");
    assertThat(of(entries, "login.failed"))
        .extracting(entry -> entry.at("/detail/reason").asText())
        .containsExactly("INACTIVE", "PASSWORD");
    JsonNode failed = of(entries, "login.failed").getLast();
    assertThat(failed.at("/address").asText()).isEqualTo("198.51.100.66");
    assertThat(failed.at("/device").asText()).isEqualTo("tests/1.0");
    assertThat(failed.has("actor")).isFalse();
    assertThat(failed.has("sessionId")).isFalse();
    JsonNode role = of(entries, "role.changed").getFirst();
    assertThat(role.at("/detail").toString())
        .isIn(
            "{\"from\":\"CLIENT\",\"to\":\"TECHNICIAN\"}",
            "{\"to\":\"TECHNICIAN\",\"from\":\"CLIENT\"}");
    assertThat(role.at("/actor/id").asText()).isEqualTo(adminId);
    assertThat(role.at("/actor/role").asText()).isEqualTo("ADMIN");
    assertThat(role.at("/sessionId").asText()).isEqualTo(session(admin));
    JsonNode changed = of(entries, "password.changed").getFirst();
    assertThat(changed.at("/actor/id").asText()).isEqualTo(user);
    assertThat(changed.at("/sessionId").asText()).isEqualTo(session(phone.access()));
    List<JsonNode> ended = of(entries, "session.ended");
    assertThat(ended)
        .extracting(entry -> entry.at("/detail/reason").asText())
        .containsExactly("ROLE_CHANGED", "PASSWORD_CHANGED");
    assertThat(ended.getLast().at("/sessionId").asText()).isEqualTo(session(laptop.access()));
    assertThat(entries.toString()).doesNotContain(AuthFixture.PASSWORD, NEW_PASSWORD, "not it");
  }

  @Test
  void a_refresh_token_that_comes_twice_is_written_down() {
    Tokens tokens = fixture.login(api, email);
    fixture.tryToRefresh(api, tokens.refresh());
    fixture.clock.advance(Duration.ofSeconds(11));

    fixture.tryToRefresh(api, tokens.refresh());

    List<JsonNode> entries = trail(user);
    assertThat(entries.stream().limit(2).map(entry -> entry.at("/type").asText()))
        .containsExactlyInAnyOrder("session.ended", "refresh.reused");
    assertThat(entries.getFirst().at("/sessionId").asText()).isEqualTo(session(tokens.access()));
    assertThat(entries.toString()).doesNotContain(tokens.refresh());
  }

  @Test
  void what_an_admin_creates_has_its_creator() {
    String created = fixture.create(api, admin, UUID.randomUUID() + "@example.com", "SUPERVISOR");

    JsonNode first = trail(created).getLast();
    assertThat(first.at("/type").asText()).isEqualTo("account.registered");
    assertThat(first.at("/actor/id").asText()).isEqualTo(adminId);
    assertThat(first.at("/detail/role").asText()).isEqualTo("SUPERVISOR");
    assertThat(trail(adminId).getLast().at("/address").asText()).isEqualTo("internal");
  }

  @Test
  void a_request_for_a_mail_is_written_once_the_address_is_looked_up() {
    api.post(
        "/auth/password/forgot",
        null,
        "{\"email\": \"%s\"}".formatted(email),
        "X-Forwarded-For",
        "198.51.100.9");

    await().until(() -> !of(trail(user), "password.reset_requested").isEmpty());
    JsonNode asked = of(trail(user), "password.reset_requested").getFirst();
    assertThat(asked.at("/address").asText()).isEqualTo("198.51.100.9");
    assertThat(asked.has("actor")).isFalse();
  }

  @Test
  void a_flood_of_guesses_leaves_few_entries_and_of_unknown_addresses_none() {
    int before = fixture.count("select count(*) from auth.audit_entry");
    for (int n = 0; n < 40; n++) {
      fixture.tryToLogin(api, email, "not the password", "198.51.100.67");
      fixture.tryToLogin(api, "x" + email, "not the password", "198.51.100.67");
    }

    assertThat(trail(user).stream().map(entry -> entry.at("/type").asText()))
        .containsExactly(
            "login.throttled",
            "login.failed",
            "login.failed",
            "login.failed",
            "login.failed",
            "login.failed",
            "account.registered");
    assertThat(fixture.count("select count(*) from auth.audit_entry")).isEqualTo(before + 6);
  }

  @Test
  void an_act_that_is_undone_leaves_no_entry() {
    int before = fixture.count("select count(*) from auth.audit_entry");

    assertThat(patch(adminId, "{\"active\": false}").status()).isEqualTo(409);
    assertThat(fixture.tryToRegister(api, email).status()).isEqualTo(409);

    assertThat(fixture.count("select count(*) from auth.audit_entry")).isEqualTo(before);
  }

  @Test
  void pages_show_every_entry_once() {
    for (int n = 0; n < 7; n++) {
      fixture.login(api, email);
    }
    List<String> ids = new ArrayList<>();
    String cursor = "";

    while (cursor != null) {
      Answer page = api.get("/users/" + user + "/audit?limit=3" + cursor, admin);
      page.body().at("/items").forEach(item -> ids.add(item.at("/id").asText()));
      String next = page.text("/nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    }

    assertThat(ids).hasSize(8).doesNotHaveDuplicates();
    assertThat(ids)
        .containsExactlyElementsOf(
            trail(user).stream().map(entry -> entry.at("/id").asText()).toList());
  }

  @Test
  void nobody_but_an_admin_reads_it_and_of_nobody_there_is_none() {
    String supervisor = UUID.randomUUID() + "@example.com";
    fixture.create(api, admin, supervisor, "SUPERVISOR");
    String path = "/users/" + user + "/audit";

    assertThat(api.get(path, fixture.login(api, supervisor).access()).status()).isEqualTo(403);
    assertThat(api.get(path, fixture.login(api, email).access()).status()).isEqualTo(403);
    assertThat(api.get(path, null).status()).isEqualTo(401);
    assertThat(api.get("/users/" + UUID.randomUUID() + "/audit", admin).status()).isEqualTo(404);
  }

  @Test
  void the_services_own_role_cannot_cover_its_traces() {
    Map<String, String> environment = fixture.environment;
    try (Database own =
        Database.open(
            DatabaseConfig.from(Settings.of(environment), "auth"), new CollectorRegistry())) {
      for (String sql :
          List.of(
              "update audit_entry set type = 'login.succeeded'",
              "delete from audit_entry",
              "truncate audit_entry",
              "alter table audit_entry disable trigger all",
              "drop trigger audit_entry_kept on audit_entry")) {
        assertThatThrownBy(() -> own.useTransaction(handle -> handle.execute(sql)))
            .as(sql)
            .isNotNull();
      }
    }
  }

  @Test
  void what_is_too_old_leaves_and_the_rest_stays() {
    fixture.login(api, email);
    fixture.database.useTransaction(handle -> {
      handle.execute("set local session_replication_role = replica");
      handle.execute(
          """
          update auth.audit_entry set time = time - interval '401 days'
          where user_id = ?::uuid and type = 'account.registered'
          """,
          user);
    });

    try (Database own =
            Database.open(
                DatabaseConfig.from(Settings.of(fixture.environment), "auth"),
                new CollectorRegistry());
        AuditTrail audit = new AuditTrail(fixture.clock, own, Duration.ofDays(400))) {
      assertThat(audit.clean()).isEqualTo(1);
    }

    assertThat(trail(user).stream().map(entry -> entry.at("/type").asText()))
        .containsExactly("login.succeeded");
  }

  private static List<JsonNode> trail(String id) {
    List<JsonNode> entries = new ArrayList<>();
    api.get("/users/" + id + "/audit?limit=100", admin).body().at("/items").forEach(entries::add);
    return entries;
  }

  private static List<JsonNode> of(List<JsonNode> entries, String type) {
    return entries.stream().filter(entry -> entry.at("/type").asText().equals(type)).toList();
  }

  private static String session(String token) {
    return JWT.decode(token).getClaim("sid").asString();
  }

  private static Answer patch(String id, String change) {
    return api.send("PATCH", "/users/" + id, admin, change);
  }

  private static Answer change(Tokens tokens, String current, String fresh) {
    return api.post(
        "/auth/password/change",
        tokens.access(),
        """
        {"currentPassword": "%s", "newPassword": "%s"}
        """
            .formatted(current, fresh));
  }
}
