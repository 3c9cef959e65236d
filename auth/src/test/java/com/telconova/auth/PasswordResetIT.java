package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.FakeTracking.Sent;
import com.telconova.auth.session.TokenMint;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.RemoteKeys;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Forgotten passwords: two instances, and a tracking that comes and goes.
final class PasswordResetIT {
  private static final String NEW_PASSWORD = "nine dry stones";
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  /// Longer than any mail is put off, and than the circuit to tracking stays open.
  private static final Duration RETRY = Duration.ofMinutes(1);

  private static FakeTracking tracking;
  private static AuthFixture fixture;
  private static AuthApp app;
  private static Api one;
  private static Api other;

  private String email;
  private String user;

  @BeforeAll
  static void start() {
    tracking = new FakeTracking();
    fixture = new AuthFixture();
    fixture.environment.put("TRACKING_URL", tracking.url().toString());
    app = fixture.start();
    one = fixture.api(app);
    other = fixture.api(fixture.start());
  }

  @AfterAll
  static void stop() {
    fixture.close();
    tracking.close();
  }

  @BeforeEach
  void register() {
    email = UUID.randomUUID() + "@example.com";
    user = fixture.register(one, email);
  }

  @AfterEach
  void nothing_is_left() {
    tracking.status = 202;
    if (requests() > 0) {
      retryNow();
    }
    await().until(() -> requests() == 0);
  }

  @Test
  void of_many_who_use_one_token_at_once_one_sets_the_password() {
    Tokens phone = fixture.login(one, email);
    Tokens laptop = fixture.login(other, email);
    String token = token();

    List<Answer> answers =
        Together.run(8, n -> reset(n % 2 == 0 ? one : other, token, NEW_PASSWORD + n));

    assertThat(answers).extracting(Answer::status).isSubsetOf(204, 422, 503);
    assertThat(answers).filteredOn(answer -> answer.status() == 204).hasSize(1);
    for (int n = 0; n < 8; n++) {
      boolean won = answers.get(n).status() == 204;
      if (answers.get(n).status() == 422) {
        assertRefused(answers.get(n));
      }
      Answer login = fixture.tryToLogin(one, email, NEW_PASSWORD + n, "192.0.2." + n);
      assertThat(login.status()).isEqualTo(won ? 200 : 401);
    }
    for (Tokens tokens : List.of(phone, laptop)) {
      assertThat(fixture.tryToRefresh(one, tokens.refresh()).status()).isEqualTo(401);
      assertThat(one.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
      assertThat(
              fixture.events(JWT.decode(tokens.access()).getClaim("sid").asString()).stream()
                  .map(event -> event.data().at("/reason").asText()))
          .containsExactly("PASSWORD_RESET");
    }
    assertThat(fixture.eventTypes(user))
        .filteredOn(type -> type.equals("user.password.changed"))
        .hasSize(1);
  }

  @Test
  void a_mail_that_nobody_takes_is_kept_and_goes_out_when_tracking_is_back() {
    tracking.goDown();
    Answer answer = forgot(one, email);
    assertThat(answer.status()).isEqualTo(202);
    await().until(() -> attempts() >= 1);
    retryNow();
    await().until(() -> attempts() >= 2);
    assertThat(tracking.of(user)).isEmpty();

    tracking.comeBack();
    retryNow();

    await().until(() -> !tracking.of(user).isEmpty() && requests() == 0);
    assertThat(tracking.of(user)).hasSize(1);
    assertThat(reset(one, tracking.of(user).getFirst().token(), NEW_PASSWORD).status())
        .isEqualTo(204);
    assertThat(fixture.tryToLogin(one, email, NEW_PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void a_mail_that_waited_for_hours_carries_a_token_that_is_good_for_half_an_hour_from_now() {
    tracking.goDown();
    forgot(one, email);
    await().until(() -> attempts() >= 1);

    fixture.clock.advance(Duration.ofHours(8));
    tracking.comeBack();
    retryNow();
    Sent sent = awaitMail(1);

    assertThat(Instant.parse(sent.body().at("/parameters/expiresAt").asText()))
        .isAfterOrEqualTo(fixture.clock.instant().plus(LIFETIME).minus(RETRY));
    assertThat(reset(one, sent.token(), NEW_PASSWORD).status()).isEqualTo(204);
  }

  @Test
  void a_mail_is_given_up_after_a_day() {
    tracking.goDown();
    forgot(one, email);
    await().until(() -> attempts() >= 1);

    fixture.clock.advance(Duration.ofDays(1));
    retryNow();
    await().until(() -> requests() == 0);
    tracking.comeBack();

    assertThat(tracking.of(user)).isEmpty();
  }

  @Test
  void a_mail_whose_answer_was_lost_is_sent_again_word_for_word_under_the_same_key() {
    tracking.status = 0;
    forgot(one, email);
    Sent first = awaitMail(1);

    tracking.status = 202;
    retryNow();
    Sent again = awaitMail(2);

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.key()).isEqualTo(first.key()).isNotBlank();
    assertThat(again.authorization()).isNotEqualTo(first.authorization());
  }

  @Test
  void a_mail_that_tracking_does_not_understand_yet_holds_up_no_other() {
    tracking.status = 404;
    forgot(one, email);
    awaitMail(1);
    assertThat(requests()).isEqualTo(1);
    String waiting = user;
    register();

    tracking.status = 202;
    String token = token();

    assertThat(reset(one, token, NEW_PASSWORD).status()).isEqualTo(204);
    retryNow();
    await().until(() -> tracking.of(waiting).size() == 2);
  }

  @Test
  void tracking_is_asked_by_the_service_itself_with_a_token_good_for_a_minute() {
    forgot(one, email);

    Sent sent = awaitMail(1);

    assertThat(sent.method()).isEqualTo("POST");
    assertThat(sent.path()).isEqualTo("/notifications/send");
    assertThat(sent.body().toString())
        .isEqualTo(
            """
            {"userId":"%s","template":"password.reset","parameters":{"token":"%s",\
            "expiresAt":"%s"},"channels":["EMAIL"]}\
            """
                .formatted(user, sent.token(), fixture.clock.instant().plus(LIFETIME)));
    try (HttpClient http = ServiceClient.connections()) {
      URI keys = URI.create("http://127.0.0.1:" + app.port() + "/.well-known/jwks.json");
      Principal caller =
          new TokenVerifier(
                  fixture.clock,
                  com.telconova.shared.testing.Tokens.ISSUER,
                  new RemoteKeys(fixture.clock, keys, http),
                  _ -> false)
              .verify(sent.authorization().replace("Bearer ", ""));
      assertThat(caller.role()).isEqualTo(Role.SERVICE);
      assertThat(caller.userId()).isEqualTo(TokenMint.SERVICE_ID);
      assertThat(caller.expiresAt())
          .isBeforeOrEqualTo(fixture.clock.instant().plus(Duration.ofMinutes(1)));
      String token = caller.token().value();
      Answer valid = one.get("/auth/validate", token);
      assertThat(valid.text("/roles/0")).isEqualTo("SERVICE");
      assertThat(one.get("/auth/profile", token).status()).isEqualTo(403);
      assertThat(one.get("/users", token).status()).isEqualTo(403);
    }
  }

  @Test
  void a_token_counts_for_half_an_hour_and_no_longer() {
    String token = token();

    fixture.clock.advance(LIFETIME);

    assertRefused(reset(one, token, NEW_PASSWORD));
    String second = token();
    fixture.clock.advance(LIFETIME.minusMillis(1));
    assertThat(reset(one, second, NEW_PASSWORD).status()).isEqualTo(204);
  }

  @Test
  void a_password_that_was_set_makes_an_end_of_every_token_handed_out_before() {
    String first = token();
    String second = token();
    assertThat(reset(one, second, NEW_PASSWORD).status()).isEqualTo(204);
    assertRefused(reset(one, second, NEW_PASSWORD));
    assertRefused(reset(one, first, NEW_PASSWORD));

    String third = token();
    String access = Tokens.of(fixture.tryToLogin(one, email, NEW_PASSWORD)).access();
    one.post(
        "/auth/password/change",
        access,
        """
        {"currentPassword": "%s", "newPassword": "%s"}
        """
            .formatted(NEW_PASSWORD, AuthFixture.PASSWORD));

    assertRefused(reset(one, third, NEW_PASSWORD));
  }

  @Test
  void a_password_that_is_not_taken_leaves_the_token_good() {
    String token = token();

    for (String password : List.of("short", "Ana Torres", email)) {
      Answer answer = reset(one, token, password);
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.body().at("/errors").findValuesAsText("pointer"))
          .containsExactly("/newPassword");
    }

    assertThat(reset(one, token, NEW_PASSWORD).status()).isEqualTo(204);
  }

  @Test
  void what_is_no_token_of_ours_is_refused() {
    for (String token : List.of("", "x", "A".repeat(43), UUID.randomUUID().toString())) {
      assertRefused(reset(one, token, NEW_PASSWORD));
    }
    assertThat(one.post("/auth/password/reset", null, "{}").body().at("/errors")).hasSize(2);
    assertThat(one.post("/auth/password/forgot", null, "{}").status()).isEqualTo(422);
    assertThat(forgot(one, "nobody").status()).isEqualTo(422);
  }

  @Test
  void known_unknown_and_inactive_addresses_get_the_same_answer_and_only_the_known_a_mail() {
    String inactive = UUID.randomUUID() + "@example.com";
    String inactiveId = fixture.register(one, inactive);
    fixture.database.useHandle(handle ->
        handle.execute("update auth.app_user set active = false where id = ?::uuid", inactiveId));
    int before = tracking.received.size();

    List<Answer> answers =
        Stream.of(email.toUpperCase(), "nobody@example.com", inactive)
            .map(address -> forgot(one, address))
            .toList();

    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.status()).isEqualTo(202);
          assertThat(answer.response().body()).isEmpty();
          assertThat(answer.response().headers().map().keySet())
              .isEqualTo(answers.getFirst().response().headers().map().keySet());
        });
    awaitMail(1);
    await().until(() -> requests() == 0);
    assertThat(tracking.received).hasSize(before + 1);
  }

  @Test
  void the_clock_tells_no_known_address_from_an_unknown_one() {
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();

    for (int round = 0; round < 41; round++) {
      fixture.clock.advance(Duration.ofMinutes(15));
      unknown.add(nanos(UUID.randomUUID() + "@example.com"));
      known.add(nanos(email));
    }

    // Other work on the machine is the noise here; there is nothing else to tell.
    assertThat((double) median(known) / median(unknown)).isBetween(0.5, 2.0);
  }

  @Test
  void nobodys_mailbox_is_flooded() {
    for (int n = 0; n < 10; n++) {
      fixture.clock.advance(Duration.ofSeconds(n < 5 ? 0 : 16));
      assertThat(forgot(n % 2 == 0 ? one : other, email).status()).isEqualTo(202);
      await().until(() -> requests() == 0);
    }

    assertThat(tracking.of(user)).hasSize(3);
    assertThat(reset(one, tracking.of(user).getFirst().token(), NEW_PASSWORD).status())
        .isEqualTo(204);
  }

  @Test
  void two_instances_that_are_asked_at_once_send_one_mail() {
    List<Answer> answers = Together.run(10, n -> forgot(n % 2 == 0 ? one : other, email));

    assertThat(answers).extracting(Answer::status).contains(202).isSubsetOf(202, 429);
    await().until(() -> requests() == 0);
    assertThat(tracking.of(user)).hasSizeBetween(1, 3);
    assertThat(tracking.of(user)).extracting(Sent::key).doesNotHaveDuplicates();
  }

  @Test
  void no_token_is_in_the_database_or_on_the_bus() {
    tracking.status = 503;
    forgot(one, email);
    String token = awaitMail(1).token();

    String everything =
        fixture.database.withHandle(handle ->
            handle
                .createQuery(
                    """
                    select (select json_agg(r) from auth.reset_request r)::text
                      || (select json_agg(t) from auth.reset_token t)::text
                      || (select json_agg(o) from auth.outbox o)::text
                    """)
                .mapTo(String.class)
                .one());

    assertThat(everything).contains(email, user).doesNotContain(token);
  }

  /// Lets everything be due and one instance look for it at once, as it does whenever somebody
  /// asks.
  private static void retryNow() {
    fixture.clock.advance(RETRY);
    forgot(one, UUID.randomUUID() + "@nowhere.example");
  }

  /// Asks, and waits for the mail.
  private String token() {
    int before = tracking.of(user).size();
    forgot(one, email);
    String token = awaitMail(before + 1).token();
    await().until(() -> requestsOf(email) == 0);
    return token;
  }

  private Sent awaitMail(int count) {
    await().until(() -> tracking.of(user).size() >= count);
    assertThat(tracking.of(user)).hasSize(count);
    return tracking.of(user).get(count - 1);
  }

  private static Answer forgot(Api api, String email) {
    return api.post("/auth/password/forgot", null, "{\"email\": \"%s\"}".formatted(email));
  }

  private static Answer reset(Api api, String token, String password) {
    return api.post(
        "/auth/password/reset",
        null,
        """
        {"token": "%s", "newPassword": "%s"}
        """
            .formatted(token, password));
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/errors").findValuesAsText("pointer")).containsExactly("/token");
  }

  private static long nanos(String email) {
    long begin = System.nanoTime();
    Answer answer = forgot(one, email);
    long end = System.nanoTime();
    assertThat(answer.status()).isEqualTo(202);
    return end - begin;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private int attempts() {
    return fixture.count(
        "select coalesce(max(attempts), 0) from auth.reset_request where email = ?", email);
  }

  private static int requests() {
    return fixture.count("select count(*) from auth.reset_request");
  }

  private static int requestsOf(String email) {
    return fixture.count("select count(*) from auth.reset_request where email = ?", email);
  }
}
