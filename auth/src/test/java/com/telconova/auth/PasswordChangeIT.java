package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.AuthFixture.Written;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Passwords that change while others use them, on two instances.
final class PasswordChangeIT {
  private static final String NEW_PASSWORD = "nine dry stones";

  private static AuthFixture fixture;
  private static Api one;
  private static Api other;

  private String email;
  private String user;
  private Tokens phone;

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    one = fixture.api(fixture.start());
    other = fixture.api(fixture.start());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void logIn() {
    email = UUID.randomUUID() + "@example.com";
    user = fixture.register(one, email);
    phone = fixture.login(one, email);
  }

  @Test
  void no_other_session_survives_a_change_that_races_its_refreshes() {
    for (int round = 0; round < 8; round++) {
      String before = round % 2 == 0 ? AuthFixture.PASSWORD : NEW_PASSWORD;
      String after = round % 2 == 0 ? NEW_PASSWORD : AuthFixture.PASSWORD;
      Tokens stolen = Tokens.of(fixture.tryToLogin(one, email, before));

      List<Answer> answers =
          Together.run(
              9,
              n ->
                  n == 4
                      ? change(one, phone, before, after)
                      : fixture.tryToRefresh(n % 2 == 0 ? one : other, stolen.refresh()));

      assertThat(answers.get(4).status()).isEqualTo(204);
      assertThat(answers).extracting(Answer::status).isSubsetOf(200, 204, 401);
      answers.stream()
          .filter(answer -> answer.status() == 200)
          .map(Tokens::of)
          .forEach(PasswordChangeIT::assertEnded);
      assertEnded(stolen);
      assertThat(reasons(stolen)).containsExactly("PASSWORD_CHANGED");
      phone = Tokens.of(fixture.tryToRefresh(other, phone.refresh()));
    }
  }

  @Test
  void of_changes_from_all_sessions_at_once_one_wins_and_ends_the_others() {
    List<Tokens> sessions = List.of(phone, fixture.login(one, email), fixture.login(one, email));

    List<Answer> answers =
        Together.run(
            3,
            n ->
                change(
                    n % 2 == 0 ? one : other,
                    sessions.get(n),
                    AuthFixture.PASSWORD,
                    NEW_PASSWORD + n));

    assertThat(answers).extracting(Answer::status).isSubsetOf(204, 401, 422);
    assertThat(answers).filteredOn(answer -> answer.status() == 204).hasSize(1);
    for (int n = 0; n < 3; n++) {
      boolean won = answers.get(n).status() == 204;
      assertThat(fixture.tryToLogin(one, email, NEW_PASSWORD + n).status())
          .isEqualTo(won ? 200 : 401);
      assertThat(one.get("/auth/validate", sessions.get(n).access()).status())
          .isEqualTo(won ? 200 : 401);
    }
    assertThat(fixture.eventTypes(user))
        .filteredOn(type -> type.equals("user.password.changed"))
        .hasSize(1);
  }

  @Test
  void a_session_that_logs_out_while_it_changes_the_password_ends_either_way() {
    for (int round = 0; round < 5; round++) {
      String address = UUID.randomUUID() + "@example.com";
      fixture.register(one, address);
      Tokens tokens = fixture.login(one, address);

      List<Answer> answers =
          Together.run(
              2,
              n ->
                  n == 0
                      ? change(one, tokens, AuthFixture.PASSWORD, NEW_PASSWORD)
                      : other.post("/auth/logout", tokens.access(), null));

      assertThat(answers.get(1).status()).isEqualTo(204);
      assertEnded(tokens);
      boolean changed = answers.get(0).status() == 204;
      assertThat(answers.get(0).status()).isEqualTo(changed ? 204 : 401);
      assertThat(fixture.tryToLogin(one, address, NEW_PASSWORD).status())
          .isEqualTo(changed ? 200 : 401);
    }
  }

  @Test
  void a_change_ends_the_other_sessions_and_keeps_this_one() {
    Tokens laptop = fixture.login(one, email);

    Answer answer = change(one, phone, AuthFixture.PASSWORD, NEW_PASSWORD);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.response().body()).isEmpty();
    assertEnded(laptop);
    assertThat(reasons(laptop)).containsExactly("PASSWORD_CHANGED");
    assertThat(one.get("/auth/profile", phone.access()).status()).isEqualTo(200);
    assertThat(fixture.tryToRefresh(one, phone.refresh()).status()).isEqualTo(200);
    assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).status()).isEqualTo(401);
    assertThat(fixture.tryToLogin(one, email, NEW_PASSWORD).status()).isEqualTo(200);
    Written event =
        fixture.events(user).stream()
            .filter(written -> written.type().equals("user.password.changed"))
            .findFirst()
            .orElseThrow();
    assertThat(event.data().toString()).isEqualTo("{\"userId\":\"%s\"}".formatted(user));
  }

  @Test
  void a_wrong_current_password_changes_nothing_and_logs_nobody_out() {
    Answer answer = change(one, phone, "not the password", NEW_PASSWORD);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("/errors/0/pointer")).isEqualTo("/currentPassword");
    assertThat(answer.body().toString()).doesNotContain("not the password", NEW_PASSWORD);
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(200);
    assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void a_new_password_keeps_the_rules_of_a_first_one() {
    for (String password :
        List.of("short", "password", "x".repeat(129), AuthFixture.PASSWORD, "Ana Torres", email)) {
      Answer answer = change(one, phone, AuthFixture.PASSWORD, password);
      assertThat(answer.status()).as(password).isEqualTo(422);
      assertThat(answer.body().at("/errors").findValuesAsText("pointer"))
          .containsExactly("/newPassword");
    }
    assertThat(one.post("/auth/password/change", phone.access(), "{}").body().at("/errors"))
        .hasSize(2);
    assertThat(one.post("/auth/password/change", null, "{}").status()).isEqualTo(401);
  }

  private static Answer change(Api api, Tokens tokens, String current, String fresh) {
    return api.post(
        "/auth/password/change",
        tokens.access(),
        """
        {"currentPassword": "%s", "newPassword": "%s"}
        """
            .formatted(current, fresh));
  }

  private static void assertEnded(Tokens tokens) {
    assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
    assertThat(one.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
  }

  private static List<String> reasons(Tokens tokens) {
    return fixture.events(JWT.decode(tokens.access()).getClaim("sid").asString()).stream()
        .map(event -> event.data().at("/reason").asText())
        .toList();
  }
}
