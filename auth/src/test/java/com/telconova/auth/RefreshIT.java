package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.AuthFixture.Written;
import com.telconova.auth.session.ExpiredSessions;
import com.telconova.shared.database.Database;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import com.telconova.shared.testing.Rounds;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Refresh tokens on two instances that share a database and a clock.
final class RefreshIT {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static AuthFixture fixture;
  private static Api one;
  private static Api other;

  private String user;
  private Tokens login;

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
    String email = UUID.randomUUID() + "@example.com";
    user = fixture.register(one, email);
    login = fixture.login(one, email);
  }

  @Test
  void fifty_refreshes_of_one_token_at_once_make_one_successor_again_and_again() {
    String current = login.refresh();

    int rounds = Rounds.of(10, 200);
    for (int round = 1; round <= rounds; round++) {
      String presented = current;
      List<Answer> answers =
          Together.run(50, n -> fixture.tryToRefresh(n % 2 == 0 ? one : other, presented));

      Set<String> successors =
          answers.stream()
              .filter(answer -> answer.status() == 200)
              .map(answer -> answer.text("/refreshToken"))
              .collect(Collectors.toSet());
      assertThat(answers).extracting(Answer::status).isSubsetOf(200, 503);
      assertThat(successors).hasSize(1);
      assertThat(tokens()).isEqualTo(round + 1);
      assertThat(unusedTokens()).isEqualTo(1);
      current = successors.iterator().next();
    }

    assertThat(fixture.tryToRefresh(one, current).status()).isEqualTo(200);
    System.out.printf("refresh: %d × 50 at once, one live successor each time%n", rounds);
  }

  @Test
  void within_the_grace_a_lost_answer_is_given_again() {
    Tokens first = Tokens.of(fixture.tryToRefresh(one, login.refresh()));
    fixture.clock.advance(GRACE.minusMillis(1));

    Tokens again = Tokens.of(fixture.tryToRefresh(other, login.refresh()));

    assertThat(again.refresh()).isEqualTo(first.refresh());
    assertThat(again.access()).isNotEqualTo(first.access());
    assertThat(fixture.tryToRefresh(one, again.refresh()).status()).isEqualTo(200);
  }

  @Test
  void after_the_grace_a_token_that_comes_again_ends_the_session() {
    Tokens successor = Tokens.of(fixture.tryToRefresh(one, login.refresh()));
    fixture.clock.advance(GRACE);

    Answer reused = fixture.tryToRefresh(one, login.refresh());

    assertThat(reused.status()).isEqualTo(401);
    assertThat(fixture.tryToRefresh(other, successor.refresh()).status()).isEqualTo(401);
    assertSessionEnded();
  }

  @Test
  void a_parent_that_comes_again_after_its_successor_was_used_ends_the_session_even_in_the_grace() {
    Tokens successor = Tokens.of(fixture.tryToRefresh(one, login.refresh()));
    Tokens newest = Tokens.of(fixture.tryToRefresh(one, successor.refresh()));

    assertThat(fixture.tryToRefresh(other, login.refresh()).status()).isEqualTo(401);

    assertThat(fixture.tryToRefresh(one, newest.refresh()).status()).isEqualTo(401);
    assertSessionEnded();
  }

  @Test
  void a_thief_and_the_owner_at_once_never_both_stay_in() {
    for (int round = 0; round < 5; round++) {
      String email = UUID.randomUUID() + "@example.com";
      user = fixture.register(one, email);
      login = fixture.login(one, email);
      Tokens stolen = Tokens.of(fixture.tryToRefresh(one, login.refresh()));
      Tokens.of(fixture.tryToRefresh(one, stolen.refresh()));
      fixture.clock.advance(GRACE);

      Together.run(
          20, n -> fixture.tryToRefresh(one, n % 2 == 0 ? stolen.refresh() : login.refresh()));

      assertSessionEnded();
    }
  }

  @Test
  void an_access_token_of_an_ended_session_is_refused_by_every_instance_within_seconds() {
    Tokens successor = Tokens.of(fixture.tryToRefresh(one, login.refresh()));
    assertThat(other.get("/auth/profile", successor.access()).status()).isEqualTo(200);
    fixture.clock.advance(GRACE);

    fixture.tryToRefresh(one, login.refresh());

    for (Api api : List.of(one, other)) {
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> api.get("/auth/profile", successor.access()).status() == 401);
    }
  }

  @Test
  void a_session_that_rests_for_a_week_is_over_and_nobody_is_alarmed() {
    fixture.clock.advance(Duration.ofDays(7));

    assertThat(fixture.tryToRefresh(one, login.refresh()).status()).isEqualTo(401);

    assertThat(fixture.events(session())).isEmpty();
  }

  @Test
  void a_session_in_use_ends_after_thirty_days() {
    Tokens tokens = login;
    for (int days = 6; days < 30; days += 6) {
      fixture.clock.advance(Duration.ofDays(6));
      tokens = Tokens.of(fixture.tryToRefresh(one, tokens.refresh()));
    }
    fixture.clock.advance(Duration.ofDays(6).minusMillis(1));
    tokens = Tokens.of(fixture.tryToRefresh(one, tokens.refresh()));
    fixture.clock.advance(Duration.ofMillis(1));

    assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
    assertThat(fixture.events(session())).isEmpty();
  }

  @Test
  void a_session_is_forgotten_with_its_tokens_a_week_after_it_expired() {
    Tokens.of(fixture.tryToRefresh(one, login.refresh()));
    Config config = Config.from(fixture.environment);
    try (Database database = Database.open(config.database(), new CollectorRegistry());
        ExpiredSessions expired = new ExpiredSessions(fixture.clock, database)) {
      fixture.clock.advance(Duration.ofDays(37));
      expired.pass();
      assertThat(tokens()).isEqualTo(2);

      fixture.clock.advance(Duration.ofMillis(1));
      assertThat(expired.pass()).isPositive();

      assertThat(tokens()).isZero();
      assertThat(fixture.count("select count(*) from auth.session")).isZero();
    }
  }

  @Test
  void what_is_no_token_of_ours_is_refused_and_ends_nothing() {
    for (String token :
        List.of("", "x", "A".repeat(43), login.access(), login.refresh() + "=", "é".repeat(43))) {
      assertThat(fixture.tryToRefresh(one, token).status()).as(token).isEqualTo(401);
    }
    assertThat(one.post("/auth/refresh", null, "{}").status()).isEqualTo(422);

    assertThat(fixture.tryToRefresh(one, login.refresh()).status()).isEqualTo(200);
  }

  @Test
  void a_refresh_carries_the_role_that_the_user_has_now() {
    fixture.database.useHandle(handle ->
        handle.execute("update auth.app_user set role = 'TECHNICIAN' where id = ?::uuid", user));

    Tokens tokens = Tokens.of(fixture.tryToRefresh(one, login.refresh()));

    assertThat(JWT.decode(tokens.access()).getClaim("roles").asList(String.class))
        .containsExactly("TECHNICIAN");
  }

  @Test
  void without_grace_a_token_is_good_for_exactly_one_exchange() {
    try (AuthFixture strict = new AuthFixture()) {
      strict.environment.put("REFRESH_GRACE_SECONDS", "0");
      Api api = strict.api(strict.start());
      strict.register(api, "strict@example.com");
      Tokens tokens = strict.login(api, "strict@example.com");

      List<Answer> answers = Together.run(10, _ -> strict.tryToRefresh(api, tokens.refresh()));

      assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
      assertThat(strict.count("select count(*) from auth.session where ended_at is not null"))
          .isEqualTo(1);
    }
  }

  private void assertSessionEnded() {
    String session = session();
    List<Written> events = fixture.events(session);
    assertThat(events).extracting(Written::type).containsExactly("session.invalidated");
    assertThat(events.getFirst().data().toString())
        .isEqualTo(
            """
            {"sessionId":"%s","userId":"%s","reason":"REFRESH_TOKEN_REUSED"}\
            """
                .formatted(session, user));
    assertThat(
            fixture.count(
                """
                select count(*) from auth.session s join auth.revoked_session r on s.id = r.session_id
                where s.id = ?::uuid and s.ended_at is not null
                  and s.end_reason = 'REFRESH_TOKEN_REUSED'
                """,
                session))
        .isEqualTo(1);
  }

  private String session() {
    return JWT.decode(login.access()).getClaim("sid").asString();
  }

  private int tokens() {
    return fixture.count(
        "select count(*) from auth.refresh_token where session_id = ?::uuid", session());
  }

  private int unusedTokens() {
    return fixture.count(
        """
        select count(*) from auth.refresh_token where session_id = ?::uuid and used_at is null
        """,
        session());
  }
}
