package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.AuthFixture.Written;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an ADMIN does with other people's accounts, on two instances.
final class AdministrationIT {
  private static AuthFixture fixture;
  private static Api one;
  private static Api other;

  /// Whoever is ADMIN at the moment: the tests depose each other's.
  private static Admin admin;

  private record Admin(String id, String email, String token) {
    static Admin login(String id, String email) {
      return new Admin(id, email, fixture.login(one, email).access());
    }
  }

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    one = fixture.api(fixture.start());
    other = fixture.api(fixture.start());
    String token = fixture.login(one, AuthFixture.ADMIN).access();
    admin = new Admin(JWT.decode(token).getSubject(), AuthFixture.ADMIN, token);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void of_two_admins_who_depose_each_other_at_once_one_stays() {
    for (int round = 0; round < 10; round++) {
      Admin rival = newAdmin();
      String change = round % 2 == 0 ? "{\"role\": \"SUPERVISOR\"}" : "{\"active\": false}";

      List<Answer> answers =
          Together.run(
              2,
              n ->
                  n == 0
                      ? patch(one, admin.token(), rival.id(), change)
                      : patch(other, rival.token(), admin.id(), change));

      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 401);
      assertThat(activeAdmins()).isEqualTo(1);
      if (answers.get(1).status() == 200) {
        admin = rival;
      }
    }
  }

  @Test
  void of_two_admins_who_resign_at_once_one_stays() {
    for (int round = 0; round < 10; round++) {
      Admin rival = newAdmin();

      List<Answer> answers =
          Together.run(
              2,
              n ->
                  n == 0
                      ? patch(one, admin.token(), admin.id(), "{\"role\": \"CLIENT\"}")
                      : patch(other, rival.token(), rival.id(), "{\"active\": false}"));

      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
      assertThat(activeAdmins()).isEqualTo(1);
      if (answers.get(1).status() == 409) {
        admin = rival;
      }
    }
  }

  @Test
  void a_refresh_that_races_a_deactivation_leaves_nobody_in() {
    for (int round = 0; round < 10; round++) {
      String email = UUID.randomUUID() + "@example.com";
      String id = fixture.register(one, email);
      Tokens tokens = fixture.login(one, email);

      List<Answer> answers =
          Together.run(
              4,
              n ->
                  n == 0
                      ? patch(one, admin.token(), id, "{\"active\": false}")
                      : fixture.tryToRefresh(n % 2 == 0 ? one : other, tokens.refresh()));

      assertThat(answers.getFirst().status()).isEqualTo(200);
      answers.stream()
          .skip(1)
          .filter(answer -> answer.status() == 200)
          .map(Tokens::of)
          .forEach(AdministrationIT::assertEnded);
      assertEnded(tokens);
    }
  }

  @Test
  void a_login_that_races_a_change_of_role_has_the_new_role_or_has_ended() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.register(one, email);
    for (int round = 0; round < 5; round++) {
      String role = round % 2 == 0 ? "TECHNICIAN" : "CLIENT";

      List<Answer> answers =
          Together.run(
              3,
              n ->
                  n == 0
                      ? patch(one, admin.token(), id, "{\"role\": \"%s\"}".formatted(role))
                      : fixture.tryToLogin(other, email, AuthFixture.PASSWORD));

      for (Answer login : answers.subList(1, 3)) {
        Tokens tokens = Tokens.of(login);
        if (one.get("/auth/validate", tokens.access()).status() == 200) {
          assertThat(JWT.decode(tokens.access()).getClaim("roles").asList(String.class))
              .containsExactly(role);
        }
      }
    }
  }

  @Test
  void a_change_of_role_ends_the_sessions_everywhere_and_is_told_to_everybody() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.register(one, email);
    Tokens phone = fixture.login(one, email);
    Tokens laptop = fixture.login(other, email);

    Answer changed = patch(one, admin.token(), id, "{\"role\": \"TECHNICIAN\"}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text("/role")).isEqualTo("TECHNICIAN");
    for (Tokens tokens : List.of(phone, laptop)) {
      assertEnded(tokens);
      assertThat(reason(tokens)).isEqualTo("ROLE_CHANGED");
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> other.get("/auth/profile", tokens.access()).status() == 401);
    }
    Written updated = fixture.events(id).getLast();
    assertThat(updated.type()).isEqualTo("user.updated");
    assertThat(updated.data().at("/role").asText()).isEqualTo("TECHNICIAN");
    assertThat(
            JWT.decode(fixture.login(one, email).access()).getClaim("roles").asList(String.class))
        .containsExactly("TECHNICIAN");
  }

  @Test
  void who_is_deactivated_is_out_and_comes_back_only_when_activated() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.register(one, email);
    Tokens tokens = fixture.login(one, email);

    Answer out = patch(one, admin.token(), id, "{\"active\": false, \"role\": \"TECHNICIAN\"}");

    assertThat(out.text("/active")).isEqualTo("false");
    assertEnded(tokens);
    assertThat(reason(tokens)).isEqualTo("DEACTIVATED");
    assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).status()).isEqualTo(401);
    assertThat(fixture.events(id).getLast().data().at("/active").asBoolean()).isFalse();
    assertThat(patch(one, admin.token(), id, "{\"active\": true}").text("/active"))
        .isEqualTo("true");
    assertThat(fixture.login(one, email).access()).isNotEmpty();
    assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
  }

  @Test
  void a_patch_changes_what_it_names_and_nothing_else() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.register(one, email);
    Tokens tokens = fixture.login(one, email);

    Answer named =
        patch(
            one,
            admin.token(),
            id,
            """
            {"name": " Ana Ruiz ", "phone": "+573001234567", "locale": "en"}
            """);
    Answer zone = patch(one, admin.token(), id, "{\"timeZone\": \"Europe/Madrid\"}");
    Answer same = patch(one, admin.token(), id, "{\"role\": \"CLIENT\", \"active\": true}");
    Answer nothing = patch(one, admin.token(), id, "{}");
    Answer withoutPhone = patch(one, admin.token(), id, "{\"phone\": null}");

    assertThat(named.text("/name")).isEqualTo("Ana Ruiz");
    assertThat(named.text("/role")).isEqualTo("CLIENT");
    assertThat(named.text("/timeZone")).isEqualTo("America/Bogota");
    assertThat(zone.text("/phone")).isEqualTo("+573001234567");
    assertThat(zone.text("/locale")).isEqualTo("en");
    assertThat(same.body()).isEqualTo(zone.body());
    assertThat(nothing.body()).isEqualTo(zone.body());
    assertThat(withoutPhone.text("/phone")).isNull();
    assertThat(withoutPhone.text("/name")).isEqualTo("Ana Ruiz");
    assertThat(one.get("/users/" + id, admin.token()).body()).isEqualTo(withoutPhone.body());
    assertThat(fixture.eventTypes(id)).filteredOn(type -> type.equals("user.updated")).hasSize(3);
    assertThat(one.get("/auth/profile", tokens.access()).status()).isEqualTo(200);
  }

  @Test
  void a_patch_names_all_that_is_wrong_with_it() {
    Answer wrong =
        patch(
            one,
            admin.token(),
            admin.id(),
            """
            {"name": "", "phone": 5, "locale": "fr", "timeZone": "Mars", "role": "SERVICE",
             "active": "yes"}
            """);

    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body().at("/errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/name", "/phone", "/locale", "/timeZone", "/role", "/active");
    assertThat(patch(one, admin.token(), admin.id(), "{\"phone\": \"300\"}").status())
        .isEqualTo(422);
    assertThat(patch(one, admin.token(), admin.id(), "{\"email\": \"a@b.co\"}").status())
        .isEqualTo(400);
    assertThat(patch(one, admin.token(), UUID.randomUUID().toString(), "{}").status())
        .isEqualTo(404);
    assertThat(patch(one, admin.token(), "somebody", "{}").status()).isEqualTo(404);
  }

  @Test
  void nobody_but_an_admin_changes_others() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.create(one, admin.token(), email, "SUPERVISOR");
    Tokens supervisor = fixture.login(one, email);

    assertThat(patch(one, supervisor.access(), id, "{\"role\": \"ADMIN\"}").status())
        .isEqualTo(403);
    assertThat(patch(one, null, id, "{}").status()).isEqualTo(401);
  }

  @Test
  void the_last_admin_stays_and_their_sessions_too() {
    List<Answer> answers = new ArrayList<>();
    for (String change : List.of("{\"role\": \"SUPERVISOR\"}", "{\"active\": false}")) {
      answers.add(patch(one, admin.token(), admin.id(), change));
    }

    assertThat(answers).extracting(Answer::status).containsOnly(409);
    assertThat(one.get("/auth/validate", admin.token()).status()).isEqualTo(200);
    assertThat(patch(one, admin.token(), admin.id(), "{\"name\": \"Root\"}").status())
        .isEqualTo(200);
  }

  private static Admin newAdmin() {
    String email = UUID.randomUUID() + "@example.com";
    String id = fixture.create(one, admin.token(), email, "ADMIN");
    return Admin.login(id, email);
  }

  private static Answer patch(Api api, String token, String id, String change) {
    return api.send("PATCH", "/users/" + id, token, change);
  }

  private static int activeAdmins() {
    return fixture.count("select count(*) from auth.app_user where role = 'ADMIN' and active");
  }

  private static void assertEnded(Tokens tokens) {
    assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
    assertThat(one.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
  }

  private static String reason(Tokens tokens) {
    List<Written> events = fixture.events(JWT.decode(tokens.access()).getClaim("sid").asString());
    assertThat(events).hasSize(1);
    return events.getFirst().data().at("/reason").asText();
  }
}
