package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import com.telconova.shared.testing.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The end of sessions, on two instances that share a database and a clock.
final class LogoutIT {
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
  void nothing_of_a_session_survives_a_logout_that_races_refreshes() {
    int rounds = Rounds.of(20, 1_000);
    for (int round = 0; round < rounds; round++) {
      Tokens tokens = fixture.login(one, email);

      List<Answer> answers =
          Together.run(
              8,
              n ->
                  n == 3
                      ? logOut(other, tokens)
                      : fixture.tryToRefresh(n % 2 == 0 ? one : other, tokens.refresh()));

      assertThat(answers.get(3).status()).isEqualTo(204);
      assertThat(answers).extracting(Answer::status).isSubsetOf(200, 204, 401);
      answers.stream()
          .filter(answer -> answer.status() == 200)
          .map(Tokens::of)
          .forEach(LogoutIT::assertEnded);
      assertEnded(tokens);
      assertThat(reasons(session(tokens))).containsExactly("LOGGED_OUT");
    }
    System.out.printf("refresh against logout: %d times, no survivor%n", rounds);
  }

  @Test
  void a_logout_ends_this_session_at_once_where_it_happened_and_within_seconds_elsewhere() {
    Tokens laptop = fixture.login(one, email);
    assertThat(other.get("/auth/profile", phone.access()).status()).isEqualTo(200);

    Answer answer = logOut(one, phone);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.response().body()).isEmpty();
    assertThat(one.get("/auth/profile", phone.access()).status()).isEqualTo(401);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> other.get("/auth/profile", phone.access()).status() == 401);
    assertThat(fixture.tryToRefresh(one, phone.refresh()).status()).isEqualTo(401);
    assertThat(fixture.events(session(phone)))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.type()).isEqualTo("session.invalidated");
          assertThat(event.data().toString())
              .isEqualTo(
                  """
                  {"sessionId":"%s","userId":"%s","reason":"LOGGED_OUT"}\
                  """
                      .formatted(session(phone), user));
        });
    assertThat(fixture.tryToRefresh(one, laptop.refresh()).status()).isEqualTo(200);
  }

  @Test
  void a_logout_of_all_ends_every_session_of_mine_and_nobody_elses() {
    Tokens laptop = fixture.login(one, email);
    String neighbour = UUID.randomUUID() + "@example.com";
    fixture.register(one, neighbour);
    Tokens theirs = fixture.login(one, neighbour);

    assertThat(one.post("/auth/logout?all=true", laptop.access(), null).status()).isEqualTo(204);

    assertEnded(phone);
    assertEnded(laptop);
    assertThat(reasons(session(phone))).containsExactly("LOGGED_OUT");
    assertThat(reasons(session(laptop))).containsExactly("LOGGED_OUT");
    assertThat(fixture.tryToRefresh(one, theirs.refresh()).status()).isEqualTo(200);
  }

  @Test
  void logouts_of_all_from_everywhere_at_once_end_each_session_once() {
    List<Tokens> sessions = new ArrayList<>(List.of(phone));
    for (int n = 0; n < 5; n++) {
      sessions.add(fixture.login(one, email));
    }

    List<Answer> answers =
        Together.run(
            6,
            n ->
                (n % 2 == 0 ? one : other)
                    .post("/auth/logout?all=true", sessions.get(n).access(), null));

    assertThat(answers).extracting(Answer::status).isSubsetOf(204, 401);
    sessions.forEach(tokens -> {
      assertEnded(tokens);
      assertThat(reasons(session(tokens))).containsExactly("LOGGED_OUT");
    });
  }

  @Test
  void a_logout_takes_no_other_word_than_all_and_no_stranger() {
    assertThat(one.post("/auth/logout?all=yes", phone.access(), null).status()).isEqualTo(400);
    assertThat(one.post("/auth/logout?everything=true", phone.access(), null).status())
        .isEqualTo(400);
    assertThat(one.post("/auth/logout", null, null).status()).isEqualTo(401);

    assertThat(one.post("/auth/logout?all=false", phone.access(), null).status()).isEqualTo(204);
    assertThat(one.post("/auth/logout", phone.access(), null).status()).isEqualTo(401);
  }

  @Test
  void my_sessions_are_listed_with_where_they_came_from_and_when_they_were_used() {
    String loggedInAt = fixture.clock.instant().toString();
    fixture.clock.advance(Duration.ofMinutes(3));
    Tokens laptop = fixture.login(one, email);
    fixture.clock.advance(Duration.ofSeconds(1));
    Tokens refreshed = Tokens.of(fixture.tryToRefresh(other, phone.refresh()));

    JsonNode items = one.get("/auth/sessions", refreshed.access()).body().at("/items");

    assertThat(items).hasSize(2);
    assertThat(items.get(0).at("/id").asText()).isEqualTo(session(laptop));
    assertThat(items.get(0).at("/current").asBoolean()).isFalse();
    assertThat(items.get(1).toString())
        .isEqualTo(
            """
            {"id":"%s","device":"tests/1.0","address":"127.0.0.1","createdAt":"%s",\
            "lastUsedAt":"%s","current":true}\
            """
                .formatted(session(phone), loggedInAt, fixture.clock.instant()));
  }

  @Test
  void the_list_of_sessions_has_pages_and_none_that_ended_or_rested_too_long() {
    Tokens resting = phone;
    fixture.clock.advance(Duration.ofDays(7));
    Tokens ended = fixture.login(one, email);
    logOut(one, ended);
    List<String> alive = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      fixture.clock.advance(Duration.ofSeconds(1));
      phone = fixture.login(one, email);
      alive.addFirst(session(phone));
    }

    List<String> listed = new ArrayList<>();
    String next = "/auth/sessions?limit=2";
    while (next != null) {
      Answer page = one.get(next, phone.access());
      page.body().at("/items").forEach(item -> listed.add(item.at("/id").asText()));
      String cursor = page.text("/nextCursor");
      next = cursor == null ? null : "/auth/sessions?limit=2&cursor=" + cursor;
    }

    assertThat(listed).containsExactlyElementsOf(alive).doesNotContain(session(resting));
    assertThat(one.get("/auth/sessions?limit=0", phone.access()).status()).isEqualTo(400);
  }

  @Test
  void i_end_any_session_of_mine_by_its_id_and_none_of_another() {
    Tokens laptop = fixture.login(one, email);
    String neighbour = UUID.randomUUID() + "@example.com";
    fixture.register(one, neighbour);
    Tokens theirs = fixture.login(one, neighbour);

    assertThat(end(session(laptop))).isEqualTo(204);

    assertEnded(laptop);
    assertThat(reasons(session(laptop))).containsExactly("LOGGED_OUT");
    assertThat(end(session(laptop))).isEqualTo(404);
    assertThat(end(session(theirs))).isEqualTo(404);
    assertThat(end(UUID.randomUUID().toString())).isEqualTo(404);
    assertThat(end("mine")).isEqualTo(404);
    assertThat(fixture.tryToRefresh(one, theirs.refresh()).status()).isEqualTo(200);
    assertThat(end(session(phone))).isEqualTo(204);
    assertEnded(phone);
  }

  @Test
  void of_too_many_sessions_the_one_that_rested_longest_ends() {
    fixture.database.useHandle(handle ->
        handle.execute(
            """
            insert into auth.session (id, user_id, device, address, created_at, last_used_at,
                                      expires_at)
            select gen_random_uuid(), ?::uuid, 'robot', '127.0.0.1', s.created_at,
                   s.created_at + interval '1 second', s.expires_at
            from auth.session s, generate_series(1, 99) where s.id = ?::uuid
            """,
            user,
            session(phone)));
    fixture.clock.advance(Duration.ofMinutes(1));

    Tokens newest = fixture.login(one, email);

    assertThat(reasons(session(phone))).containsExactly("TOO_MANY");
    assertEnded(phone);
    assertThat(
            fixture.count(
                "select count(*) from auth.session where user_id = ?::uuid and ended_at is null",
                user))
        .isEqualTo(100);
    assertThat(fixture.tryToRefresh(one, newest.refresh()).status()).isEqualTo(200);
  }

  @Test
  void validation_says_whose_token_it_is() {
    Answer answer = other.get("/auth/validate", phone.access());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.body().toString())
        .isEqualTo(
            """
            {"active":true,"sub":"%s","roles":["CLIENT"],"sid":"%s","exp":%d}\
            """
                .formatted(
                    user,
                    session(phone),
                    fixture.clock.instant().plusSeconds(300).getEpochSecond()));
    assertThat(one.get("/auth/validate", null).status()).isEqualTo(401);
    assertThat(one.get("/auth/validate", phone.access() + "x").status()).isEqualTo(401);
    fixture.clock.advance(Duration.ofSeconds(306));
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(401);
  }

  /// What ended on one instance a moment ago, the other has not read yet: again and again.
  @Test
  void validation_asks_the_database_and_knows_of_an_end_before_the_next_look_at_revocations() {
    for (int round = 0; round < 5; round++) {
      Tokens tokens = fixture.login(one, email);

      logOut(one, tokens);

      assertThat(other.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
    }
  }

  @Test
  void validation_refuses_who_was_deactivated_or_has_another_role_behind_its_back() {
    setUser("role = 'TECHNICIAN'");
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(401);
    setUser("role = 'CLIENT'");
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(200);
    setUser("active = false");
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(401);
  }

  private static Answer logOut(Api api, Tokens tokens) {
    return api.post("/auth/logout", tokens.access(), null);
  }

  private int end(String session) {
    return one.send("DELETE", "/auth/sessions/" + session, phone.access(), null).status();
  }

  private void setUser(String change) {
    fixture.database.useHandle(handle ->
        handle.execute("update auth.app_user set " + change + " where id = ?::uuid", user));
  }

  private static void assertEnded(Tokens tokens) {
    assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
    assertThat(one.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
  }

  private static List<String> reasons(String session) {
    return fixture.events(session).stream()
        .map(event -> event.data().at("/reason").asText())
        .toList();
  }

  private static String session(Tokens tokens) {
    return JWT.decode(tokens.access()).getClaim("sid").asString();
  }
}
