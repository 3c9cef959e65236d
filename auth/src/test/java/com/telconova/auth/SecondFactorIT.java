package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Second factors, and those who would do without, on two instances.
final class SecondFactorIT {
  private static final String REQUIRED = "urn:microflow:problem:totp-required";
  private static final String ENROLMENT = "urn:microflow:problem:totp-enrolment-required";

  private static AuthFixture fixture;
  private static Api one;
  private static Api other;

  private String email;
  private String user;

  /// Somebody's authenticator and paper.
  private record Device(String secret, List<String> codes) {
    String code() {
      return codeAt(fixture.clock.instant());
    }

    /// A new one: each counts once.
    String nextCode() {
      fixture.clock.advance(Duration.ofSeconds(30));
      return code();
    }

    String codeAt(Instant time) {
      try {
        return new TimeBasedOneTimePasswordGenerator()
            .generateOneTimePasswordString(
                new SecretKeySpec(Base32.decode(secret), "RAW"), time, Locale.ROOT);
      } catch (InvalidKeyException e) {
        throw new IllegalStateException(e);
      }
    }

    /// Six digits that are no code of these minutes.
    String wrongCode() {
      Instant now = fixture.clock.instant();
      List<String> near =
          IntStream.rangeClosed(-2, 2).mapToObj(n -> codeAt(now.plusSeconds(30L * n))).toList();
      return IntStream.range(0, 10)
          .mapToObj(n -> Integer.toString(n).repeat(6))
          .filter(code -> !near.contains(code))
          .findFirst()
          .orElseThrow();
    }
  }

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
    user = fixture.register(one, email);
  }

  @Test
  void who_has_enrolled_gets_in_with_a_code_and_not_without() {
    Tokens phone = fixture.login(one, email);
    Tokens laptop = fixture.login(one, email);
    Device device = enrol(phone);

    Answer without = fixture.tryToLogin(one, email, AuthFixture.PASSWORD);
    Answer wrong = login(one, device.wrongCode());
    Answer right = login(other, device.nextCode());

    assertThat(without.status()).isEqualTo(401);
    assertThat(without.text("/type")).isEqualTo(REQUIRED);
    assertThat(without.header("Cache-Control")).isEqualTo("no-store");
    assertThat(wrong.text("/type")).isEqualTo(REQUIRED);
    assertThat(right.status()).isEqualTo(200);
    assertThat(right.body().has("recoveryCodes")).isFalse();
    // Enrolling ended the other session and not its own.
    assertThat(one.get("/auth/validate", laptop.access()).status()).isEqualTo(401);
    assertThat(one.get("/auth/validate", phone.access()).status()).isEqualTo(200);
    assertThat(
            fixture
                .events(JWT.decode(laptop.access()).getClaim("sid").asString())
                .getFirst()
                .data()
                .at("/reason")
                .asText())
        .isEqualTo("SECOND_FACTOR_CHANGED");
    // The password was accepted three times since, the login complete once.
    assertThat(fixture.eventTypes(user))
        .containsExactly(
            "user.registered",
            "user.login",
            "user.authenticated",
            "user.login",
            "user.authenticated",
            "user.login",
            "user.login",
            "user.login",
            "user.authenticated");
    assertThat(fixture.events(user).getLast().data().at("/amr").toString())
        .isEqualTo("[\"pwd\",\"otp\",\"mfa\"]");
    assertThat(fixture.events(user).get(2).data().at("/amr").toString()).isEqualTo("[\"pwd\"]");
  }

  @Test
  void a_wrong_password_is_answered_alike_with_a_second_factor_and_without() {
    Device device = enrol(fixture.login(one, email));
    String plain = UUID.randomUUID() + "@example.com";
    fixture.register(one, plain);

    Answer with = login(one, email, "not the password", device.code());
    Answer without = login(one, plain, "not the password", "123456");

    assertThat(with.status()).isEqualTo(401);
    assertThat(with.text("/type")).isEqualTo("urn:microflow:problem:unauthenticated");
    assertThat(with.text("/type")).isEqualTo(without.text("/type"));
    assertThat(with.text("/detail")).isEqualTo(without.text("/detail"));
  }

  @Test
  void a_code_counts_once_however_many_send_it_at_once() {
    Device device = enrol(fixture.login(one, email));
    for (int round = 0; round < 4; round++) {
      String code = device.nextCode();

      List<Answer> answers = Together.run(4, n -> login(n % 2 == 0 ? one : other, code));

      assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
      assertThat(login(one, code).status()).isIn(401, 429);
      fixture.clock.advance(Duration.ofMinutes(20));
    }
  }

  @Test
  void a_code_from_before_the_last_one_counts_no_more() {
    Device device = enrol(fixture.login(one, email));
    fixture.clock.advance(Duration.ofMinutes(2));
    String earlier = device.code();
    String later = device.nextCode();

    assertThat(login(one, later).status()).isEqualTo(200);
    assertThat(login(one, earlier).status()).isEqualTo(401);
  }

  @Test
  void a_recovery_code_gets_in_once_however_many_send_it_at_once() {
    Device device = enrol(fixture.login(one, email));
    String code = device.codes().getFirst();

    List<Answer> answers =
        Together.run(
            4, n -> login(n % 2 == 0 ? one : other, n < 2 ? code : code.toUpperCase(Locale.ROOT)));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(login(one, code).status()).isIn(401, 429);
    fixture.clock.advance(Duration.ofMinutes(20));
    Answer second = login(one, device.codes().get(1));
    assertThat(second.status()).isEqualTo(200);
    Answer state = one.get("/auth/totp", second.text("/accessToken"));
    assertThat(state.body().at("/recoveryCodesLeft").asInt()).isEqualTo(8);
    assertThat(types()).contains("totp.enrolled", "recovery_code.used");
  }

  @Test
  void codes_are_guessed_no_faster_from_many_addresses_and_their_owner_has_a_paper() {
    Device device = enrol(fixture.login(one, email));

    List<Integer> statuses = new ArrayList<>();
    for (int n = 0; n < 14; n++) {
      statuses.add(
          login(one, email, AuthFixture.PASSWORD, device.wrongCode(), "192.0.2." + n).status());
    }

    assertThat(statuses.subList(0, 10)).containsOnly(401);
    assertThat(statuses.subList(10, 14)).containsOnly(429);
    assertThat(login(one, email, AuthFixture.PASSWORD, device.code(), "203.0.113.7").status())
        .isEqualTo(429);
    assertThat(
            login(one, email, AuthFixture.PASSWORD, device.codes().getFirst(), "203.0.113.8")
                .status())
        .isEqualTo(200);
    fixture.clock.advance(Duration.ofMinutes(10));
    assertThat(login(one, email, AuthFixture.PASSWORD, device.code(), "203.0.113.9").status())
        .isEqualTo(200);
  }

  @Test
  void from_one_address_codes_are_guessed_as_slowly_as_passwords_and_at_once_too() {
    Device device = enrol(fixture.login(one, email));

    List<Answer> answers =
        Together.run(40, n -> login(n % 2 == 0 ? one : other, device.wrongCode()));

    assertThat(answers).extracting(Answer::status).isSubsetOf(401, 429, 503);
    assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void logging_in_without_a_code_is_no_failure() {
    Device device = enrol(fixture.login(one, email));

    for (int n = 0; n < 8; n++) {
      assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).text("/type"))
          .isEqualTo(REQUIRED);
    }

    assertThat(login(one, device.nextCode()).status()).isEqualTo(200);
  }

  @Test
  void enrolling_takes_the_password_and_a_first_code_in_time() {
    Tokens tokens = fixture.login(one, email);

    Answer wrong = begin(tokens, "not the password");
    Answer nothingBegun = confirm(tokens, "123456");
    Answer begun = begin(tokens, AuthFixture.PASSWORD);
    Device device = new Device(begun.text("/secret"), List.of());
    Answer wrongCode = confirm(tokens, device.wrongCode());
    Answer notYet = fixture.tryToLogin(one, email, AuthFixture.PASSWORD);
    fixture.clock.advance(Duration.ofMinutes(4));
    Tokens later = Tokens.of(notYet);
    fixture.clock.advance(Duration.ofMinutes(6));
    Tokens fresh = Tokens.of(fixture.tryToRefresh(one, later.refresh()));
    Answer tooLate = confirm(fresh, device.code());

    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text("/errors/0/pointer")).isEqualTo("/currentPassword");
    assertThat(nothingBegun.status()).isEqualTo(409);
    assertThat(begun.status()).isEqualTo(200);
    assertThat(begun.header("Cache-Control")).isEqualTo("no-store");
    assertThat(begun.text("/otpauthUri")).contains("secret=" + begun.text("/secret"));
    assertThat(wrongCode.status()).isEqualTo(422);
    assertThat(wrongCode.text("/errors/0/pointer")).isEqualTo("/code");
    assertThat(tooLate.status()).isEqualTo(409);
    assertThat(state(fresh).body().at("/active").asBoolean()).isFalse();
  }

  @Test
  void of_two_secrets_the_later_counts() {
    Tokens tokens = fixture.login(one, email);
    Device first = new Device(begin(tokens, AuthFixture.PASSWORD).text("/secret"), List.of());
    Device second = new Device(begin(tokens, AuthFixture.PASSWORD).text("/secret"), List.of());

    assertThat(first.secret()).isNotEqualTo(second.secret());
    assertThat(confirm(tokens, first.code()).status()).isEqualTo(422);
    assertThat(confirm(tokens, second.code()).status()).isEqualTo(200);
    assertThat(begin(tokens, AuthFixture.PASSWORD).status()).isEqualTo(409);
    assertThat(confirm(tokens, second.nextCode()).status()).isEqualTo(409);
  }

  @Test
  void of_many_confirmations_at_once_one_makes_the_codes() {
    Tokens tokens = fixture.login(one, email);
    Device device = new Device(begin(tokens, AuthFixture.PASSWORD).text("/secret"), List.of());
    String code = device.code();

    List<Answer> answers =
        Together.run(
            4,
            n ->
                (n % 2 == 0 ? one : other)
                    .post(
                        "/auth/totp/confirm",
                        tokens.access(),
                        "{\"code\": \"%s\"}".formatted(code)));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(
            fixture.count("select count(*) from auth.recovery_code where user_id = ?::uuid", user))
        .isEqualTo(10);
  }

  @Test
  void disabling_takes_the_password_and_a_code_and_ends_the_other_sessions() {
    Tokens phone = fixture.login(one, email);
    Device device = enrol(phone);
    Tokens laptop = Tokens.of(login(one, device.nextCode()));

    Answer wrongPassword = disable(phone, "not the password", device.nextCode());
    Answer wrongCode = disable(phone, AuthFixture.PASSWORD, device.wrongCode());
    Answer disabled = disable(phone, AuthFixture.PASSWORD, device.codes().getFirst());

    assertThat(wrongPassword.text("/errors/0/pointer")).isEqualTo("/currentPassword");
    assertThat(wrongCode.text("/errors/0/pointer")).isEqualTo("/code");
    assertThat(disabled.status()).isEqualTo(204);
    assertThat(one.get("/auth/validate", laptop.access()).status()).isEqualTo(401);
    assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).status()).isEqualTo(200);
    assertThat(disable(phone, AuthFixture.PASSWORD, device.code()).status()).isEqualTo(409);
    assertThat(types())
        .containsSubsequence(
            "totp.enrolled", "confirmation.failed", "confirmation.failed", "totp.disabled");
    assertThat(
            fixture.count("select count(*) from auth.recovery_code where user_id = ?::uuid", user))
        .isZero();
  }

  @Test
  void a_stolen_session_gets_five_guesses_at_the_code_even_with_the_password() {
    Tokens stolen = fixture.login(one, email);
    Device device = enrol(stolen);

    List<Integer> statuses =
        IntStream.range(0, 7)
            .mapToObj(_ -> disable(stolen, AuthFixture.PASSWORD, device.wrongCode()).status())
            .toList();

    assertThat(statuses).containsExactly(422, 422, 422, 422, 422, 429, 429);
    assertThat(renew(stolen, device.code()).status()).isEqualTo(429);
  }

  @Test
  void new_recovery_codes_replace_the_old_and_take_a_code_of_the_device() {
    Tokens tokens = fixture.login(one, email);
    Device device = enrol(tokens);

    Answer byPaper = renew(tokens, device.codes().getFirst());
    Answer renewed = renew(tokens, device.nextCode());

    assertThat(byPaper.status()).isEqualTo(422);
    assertThat(renewed.status()).isEqualTo(200);
    assertThat(renewed.body().at("/recoveryCodes")).hasSize(10);
    assertThat(login(one, device.codes().get(1)).status()).isEqualTo(401);
    assertThat(login(one, renewed.text("/recoveryCodes/0")).status()).isEqualTo(200);
    assertThat(types()).contains("recovery_code.renewed");
  }

  @Test
  void an_admin_helps_out_whoever_has_lost_device_and_paper() {
    Tokens tokens = fixture.login(one, email);
    enrol(tokens);
    String admin = fixture.login(one, AuthFixture.ADMIN).access();
    String path = "/users/" + user + "/totp";

    assertThat(one.send("DELETE", path, tokens.access(), null).status()).isEqualTo(403);
    assertThat(
            one.send("DELETE", "/users/" + JWT.decode(admin).getSubject() + "/totp", admin, null)
                .status())
        .isEqualTo(409);
    assertThat(one.send("DELETE", path, admin, null).status()).isEqualTo(204);
    assertThat(one.send("DELETE", path, admin, null).status()).isEqualTo(404);
    assertThat(one.get("/auth/validate", tokens.access()).status()).isEqualTo(401);
    assertThat(fixture.tryToLogin(one, email, AuthFixture.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void no_secret_and_no_code_lies_open_in_the_database() {
    Device device = enrol(fixture.login(one, email));
    String secret = HexFormat.of().formatHex(Base32.decode(device.secret()));

    assertThat(rows("select totp::text from auth.totp where user_id = ?::uuid", user))
        .hasSize(1)
        .noneMatch(row -> row.contains(secret) || row.contains(device.secret()));
    assertThat(rows("select recovery_code::text from auth.recovery_code"))
        .noneMatch(row -> row.contains(device.codes().getFirst()));
    assertThat(rows("select data::text from auth.outbox"))
        .noneMatch(row -> row.contains(device.secret()));
  }

  @Test
  void a_role_that_takes_a_second_factor_enrols_by_logging_in() {
    try (AuthFixture strict = new AuthFixture()) {
      strict.environment.put("TOTP_REQUIRED_ROLES", "ADMIN");
      Api api = strict.api(strict.start());
      String client = "client@example.com";
      strict.register(api, client);

      assertThat(strict.tryToLogin(api, client, AuthFixture.PASSWORD).status()).isEqualTo(200);
      Answer wrong = strict.tryToLogin(api, AuthFixture.ADMIN, "not the password");
      Answer first = strict.tryToLogin(api, AuthFixture.ADMIN, AuthFixture.PASSWORD);
      Device device = new Device(first.text("/enrolment/secret"), List.of());
      Answer wrongCode = login(api, AuthFixture.ADMIN, AuthFixture.PASSWORD, "abc");
      Answer in =
          login(
              api, AuthFixture.ADMIN, AuthFixture.PASSWORD, device.codeAt(strict.clock.instant()));

      assertThat(wrong.text("/type")).isEqualTo("urn:microflow:problem:unauthenticated");
      assertThat(wrong.body().has("enrolment")).isFalse();
      assertThat(first.status()).isEqualTo(401);
      assertThat(first.text("/type")).isEqualTo(ENROLMENT);
      assertThat(first.header("Cache-Control")).isEqualTo("no-store");
      assertThat(first.text("/accessToken")).isNull();
      assertThat(wrongCode.text("/type")).isEqualTo(REQUIRED);
      assertThat(in.status()).isEqualTo(200);
      assertThat(in.body().at("/recoveryCodes")).hasSize(10);
      assertThat(strict.tryToLogin(api, AuthFixture.ADMIN, AuthFixture.PASSWORD).text("/type"))
          .isEqualTo(REQUIRED);
      Answer disable =
          api.post(
              "/auth/totp/disable",
              in.text("/accessToken"),
              "{\"currentPassword\": \"%s\", \"code\": \"%s\"}"
                  .formatted(AuthFixture.PASSWORD, in.text("/recoveryCodes/0")));
      assertThat(disable.status()).isEqualTo(409);
    }
  }

  @Test
  void a_session_from_before_the_role_took_a_second_factor_is_not_refreshed() {
    try (AuthFixture strict = new AuthFixture()) {
      Tokens before = strict.login(strict.api(strict.start()), AuthFixture.ADMIN);
      strict.environment.put("TOTP_REQUIRED_ROLES", "ADMIN");
      Api api = strict.api(strict.start());

      assertThat(strict.tryToRefresh(api, before.refresh()).status()).isEqualTo(401);
    }
  }

  private Device enrol(Tokens tokens) {
    Device device = new Device(begin(tokens, AuthFixture.PASSWORD).text("/secret"), List.of());
    Answer confirmed = confirm(tokens, device.code());
    assertThat(confirmed.status()).isEqualTo(200);
    List<String> codes = new ArrayList<>();
    confirmed.body().at("/recoveryCodes").forEach(code -> codes.add(code.asText()));
    assertThat(codes).hasSize(10).doesNotHaveDuplicates();
    return new Device(device.secret(), codes);
  }

  private static Answer begin(Tokens tokens, String password) {
    return one.post(
        "/auth/totp", tokens.access(), "{\"currentPassword\": \"%s\"}".formatted(password));
  }

  private static Answer confirm(Tokens tokens, String code) {
    return one.post("/auth/totp/confirm", tokens.access(), "{\"code\": \"%s\"}".formatted(code));
  }

  private static Answer renew(Tokens tokens, String code) {
    return one.post(
        "/auth/totp/recovery-codes", tokens.access(), "{\"code\": \"%s\"}".formatted(code));
  }

  private static Answer disable(Tokens tokens, String password, String code) {
    return one.post(
        "/auth/totp/disable",
        tokens.access(),
        "{\"currentPassword\": \"%s\", \"code\": \"%s\"}".formatted(password, code));
  }

  private static Answer state(Tokens tokens) {
    return one.get("/auth/totp", tokens.access());
  }

  private Answer login(Api api, String code) {
    return login(api, email, AuthFixture.PASSWORD, code);
  }

  private static Answer login(
      Api api, String email, String password, String code, String... address) {
    String body =
        "{\"email\": \"%s\", \"password\": \"%s\", \"totp\": \"%s\"}"
            .formatted(email, password, code);
    return address.length == 0
        ? api.post("/auth/login", null, body)
        : api.post("/auth/login", null, body, "X-Forwarded-For", address[0]);
  }

  /// The types of the user's audit trail, oldest first.
  private List<String> types() {
    return rows("select type from auth.audit_entry where user_id = ?::uuid order by id", user);
  }

  private static List<String> rows(String sql, Object... values) {
    return fixture.database.withHandle(
        handle -> handle.select(sql, values).mapTo(String.class).list());
  }
}
