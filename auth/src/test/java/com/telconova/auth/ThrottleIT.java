package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.auth.key.MasterKey;
import com.telconova.auth.throttle.Limits;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Settings;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Guessing, against two instances on one database.
final class ThrottleIT {
  private static final String ATTACKER = "198.51.100.66";
  private static final String HOME = "203.0.113.7";
  private static final String WRONG = "not the password";

  private static AuthFixture fixture;
  private static Api one;
  private static Api other;

  private String email;

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
  void register() {
    email = UUID.randomUUID() + "@example.com";
    fixture.register(one, email);
  }

  @Test
  void five_failures_are_free_and_every_further_one_doubles_the_wait() {
    List<Integer> waits = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      assertThat(guess(email).status()).isEqualTo(401);
    }
    for (int n = 0; n < 13; n++) {
      Answer refused = guess(email);
      assertThat(refused.status()).isEqualTo(429);
      waits.add(retryAfter(refused));
      fixture.clock.advance(Duration.ofSeconds(retryAfter(refused)).minusMillis(1));
      assertThat(guess(email).status()).isEqualTo(429);
      fixture.clock.advance(Duration.ofMillis(1));
      assertThat(guess(email).status()).isEqualTo(401);
    }

    assertThat(waits).containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900);
  }

  @Test
  void who_has_to_wait_is_told_so_in_the_same_words_whoever_they_try() {
    String nobody = UUID.randomUUID() + "@nowhere.example";

    List<Answer> known = IntStream.range(0, 8).mapToObj(_ -> guess(email)).toList();
    List<Answer> unknown = IntStream.range(0, 8).mapToObj(_ -> guess(nobody)).toList();

    assertThat(unknown).extracting(Answer::status).containsExactlyElementsOf(statuses(known));
    assertThat(unknown.getLast().header("Retry-After"))
        .isEqualTo(known.getLast().header("Retry-After"));
    assertThat(unknown.getLast().text("/detail")).isEqualTo(known.getLast().text("/detail"));
    assertThat(known.getLast().text("/type")).isEqualTo("urn:microflow:problem:too-many-requests");
    assertThat(known.getLast().text("/title")).isEqualTo("Too many requests");
  }

  @Test
  void the_victim_gets_in_from_elsewhere_all_the_time() {
    for (int n = 0; n < 30; n++) {
      guess(email);
      assertThat(login(HOME).status()).isEqualTo(200);
      assertThat(guess(email).status()).isIn(401, 429);
    }

    assertThat(guess(email).status()).isEqualTo(429);
  }

  @Test
  void the_right_password_does_not_get_in_either_while_it_has_to_wait() {
    exhaust(email);

    Answer lucky = login(ATTACKER);

    assertThat(lucky.status()).isEqualTo(429);
    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(login(ATTACKER).status()).isEqualTo(200);
  }

  @Test
  void a_success_begins_anew() {
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 4).forEach(_ -> assertThat(guess(email).status()).isEqualTo(401));
      assertThat(login(ATTACKER).status()).isEqualTo(200);
    }

    assertThat(IntStream.range(0, 6).mapToObj(_ -> guess(email).status()))
        .containsExactly(401, 401, 401, 401, 401, 429);
  }

  @Test
  void of_a_hundred_guesses_at_once_on_two_instances_at_most_five_are_looked_at() {
    List<Answer> answers = Together.run(100, n -> guess(n % 2 == 0 ? one : other, email, ATTACKER));

    assertThat(answers).extracting(Answer::status).contains(401, 429).isSubsetOf(401, 429, 503);
    assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void the_right_password_among_guesses_at_once_helps_nobody_to_more_guesses() {
    List<Answer> answers =
        Together.run(
            40, n -> n == 20 ? login(ATTACKER) : guess(n % 2 == 0 ? one : other, email, ATTACKER));

    // At worst five before it and five after it.
    assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void what_a_client_writes_into_the_header_itself_changes_nothing() {
    List<Integer> statuses =
        IntStream.range(0, 6)
            .mapToObj(n -> guess(one, email, "192.0.2." + n + ", " + ATTACKER).status())
            .toList();

    assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 429);
  }

  @Test
  void of_an_ipv6_address_the_network_counts() {
    List<Integer> statuses =
        IntStream.range(0, 6)
            .mapToObj(n -> guess(one, email, "2001:db8:0:7:%x::%x".formatted(n, n)).status())
            .toList();

    assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 429);
    assertThat(guess(one, email, "2001:db8:0:8::1").status()).isEqualTo(401);
    assertThat(guess(one, email, "::ffff:198.51.100.77").status()).isEqualTo(401);
  }

  @Test
  void another_spelling_of_the_address_is_the_same_account() {
    List<String> spellings =
        List.of(email, email.toUpperCase(), " " + email, email + " ", email, email);

    assertThat(spellings.stream().map(spelling -> guess(spelling).status()))
        .containsExactly(401, 401, 401, 401, 401, 429);
  }

  @Test
  void after_a_day_without_attempts_it_is_forgotten() {
    exhaust(email);
    int rows = fixture.count("select count(*) from auth.failed_attempts");
    assertThat(rows).isPositive();

    fixture.clock.advance(Duration.ofDays(1));

    assertThat(IntStream.range(0, 6).mapToObj(_ -> guess(email).status()))
        .containsExactly(401, 401, 401, 401, 401, 429);
  }

  @Test
  void what_counts_no_more_leaves() {
    exhaust(email);
    fixture.clock.advance(Duration.ofDays(120)); // a full bucket of this fixture's is that deep

    try (Database own =
            Database.open(
                DatabaseConfig.from(Settings.of(fixture.environment), "auth"),
                new CollectorRegistry());
        Throttle throttle =
            new Throttle(
                fixture.clock,
                own,
                MasterKey.fromBase64(fixture.environment.get("AUTH_MASTER_KEY")),
                new Limits(100, Duration.ofSeconds(10)))) {
      guess(email);
      throttle.clean();
    }

    assertThat(fixture.count("select count(*) from auth.failed_attempts")).isEqualTo(1);
    assertThat(fixture.count("select count(*) from auth.attempt_bucket")).isEqualTo(1);
  }

  @Test
  void registering_addresses_that_have_an_account_becomes_slow_and_registering_others_does_not() {
    List<Integer> known =
        IntStream.range(0, 6).mapToObj(_ -> fixture.tryToRegister(one, email).status()).toList();
    for (int n = 0; n < 8; n++) {
      fixture.register(one, UUID.randomUUID() + "@example.com");
    }

    assertThat(known).containsExactly(409, 409, 409, 409, 409, 429);
  }

  @Test
  void asking_for_mails_becomes_slow_whether_there_is_an_account_or_not() {
    String nobody = UUID.randomUUID() + "@nowhere.example";

    for (String address : List.of(email, nobody)) {
      assertThat(IntStream.range(0, 6).mapToObj(_ -> forgot(address).status()))
          .containsExactly(202, 202, 202, 202, 202, 429);
    }
    assertThat(login(HOME).status()).isEqualTo(200);
  }

  @Test
  void a_stolen_session_guesses_as_slowly_whatever_its_address_and_keeps_nobody_out() {
    Tokens stolen = fixture.login(one, email);
    Tokens own = fixture.login(one, email);

    List<Integer> guesses =
        IntStream.range(0, 6)
            .mapToObj(n -> change(stolen, WRONG, "192.0.2." + n).status())
            .toList();

    assertThat(guesses).containsExactly(422, 422, 422, 422, 422, 429);
    assertThat(change(stolen, AuthFixture.PASSWORD, "192.0.2.200").status()).isEqualTo(429);
    assertThat(change(own, AuthFixture.PASSWORD, HOME).status()).isEqualTo(204);
  }

  @Test
  void one_password_on_many_accounts_becomes_slow_for_that_address_only() {
    try (AuthFixture strict = new AuthFixture()) {
      strict.environment.put("THROTTLE_ADDRESS_FAILURES", "20");
      strict.environment.put("THROTTLE_ADDRESS_REFILL_SECONDS", "10");
      Api first = strict.api(strict.start());
      Api second = strict.api(strict.start());
      strict.register(first, "own@example.com");
      Supplier<Answer> spray =
          () -> strict.tryToLogin(second, UUID.randomUUID() + "@example.com", WRONG, ATTACKER);

      List<Answer> answers =
          Together.run(
              40,
              n ->
                  strict.tryToLogin(
                      n % 2 == 0 ? first : second, "victim" + n + "@example.com", WRONG, ATTACKER));

      assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSizeLessThanOrEqualTo(20);
      strict.clock.advance(Duration.ofMinutes(10));
      assertThat(Stream.generate(spray).limit(21).map(Answer::status))
          .containsOnly(401, 429)
          .endsWith(401, 429);
      assertThat(retryAfter(spray.get())).isEqualTo(10);
      // One's own account refills nothing.
      strict.clock.advance(Duration.ofSeconds(20));
      assertThat(
              strict.tryToLogin(second, "own@example.com", AuthFixture.PASSWORD, ATTACKER).status())
          .isEqualTo(200);
      assertThat(Stream.generate(spray).limit(3).map(Answer::status))
          .containsExactly(401, 401, 429);
      assertThat(strict.tryToLogin(first, "own@example.com", AuthFixture.PASSWORD, HOME).status())
          .isEqualTo(200);
    }
  }

  @Test
  void no_header_is_believed_without_a_proxy_that_is_trusted() {
    try (AuthFixture direct = new AuthFixture()) {
      direct.environment.remove("TRUSTED_PROXIES");
      Api api = direct.api(direct.start());
      direct.register(api, email);

      List<Integer> statuses =
          IntStream.range(0, 6)
              .mapToObj(n -> direct.tryToLogin(api, email, WRONG, "192.0.2." + n).status())
              .toList();

      assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 429);
    }
  }

  @Test
  void the_table_names_nobody() {
    guess(email);

    assertThat(
            fixture.count(
                """
                select count(*) from auth.failed_attempts f
                where f::text like ? or f::text like ?
                """,
                "%" + email + "%",
                "%" + ATTACKER + "%"))
        .isZero();
  }

  private static Answer guess(String email) {
    return guess(one, email, ATTACKER);
  }

  private static Answer guess(Api api, String email, String forwardedFor) {
    return fixture.tryToLogin(api, email, WRONG, forwardedFor);
  }

  private static void exhaust(String email) {
    for (int n = 0; n < 5; n++) {
      assertThat(guess(n % 2 == 0 ? one : other, email, ATTACKER).status()).isEqualTo(401);
    }
    assertThat(guess(email).status()).isEqualTo(429);
  }

  private Answer login(String address) {
    return fixture.tryToLogin(one, email, AuthFixture.PASSWORD, address);
  }

  private static Answer forgot(String address) {
    return one.post("/auth/password/forgot", null, "{\"email\": \"%s\"}".formatted(address));
  }

  private static Answer change(Tokens tokens, String current, String address) {
    return one.post(
        "/auth/password/change",
        tokens.access(),
        """
        {"currentPassword": "%s", "newPassword": "nine dry stones"}
        """
            .formatted(current),
        "X-Forwarded-For",
        address);
  }

  private static int retryAfter(Answer answer) {
    return Integer.parseInt(answer.header("Retry-After"));
  }

  private static List<Integer> statuses(List<Answer> answers) {
    return answers.stream().map(Answer::status).toList();
  }
}
