package com.telconova.auth;

import com.auth0.jwt.JWT;
import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiExamples;
import com.telconova.shared.testing.ApiExamples.Needs;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;

/// Sends auth every request that `docs/openapi/auth.yaml` shows.
final class AuthExamplesIT {
  /// As the document's examples have it.
  private static final String PASSWORD = "tres barcos verdes";

  private static final String REFRESH_TOKEN = "q0yBP7bPwWzzYzcyqTNkkIyqQO0vS3pJt6a2pWlq3nM";
  private static final String RESET_TOKEN = "mmOX8tZgJgZb3y0l1rL0e1cUuZ0oO6x0nq3oJ3p8xYw";

  /// Who is registered by the first of them.
  private static final String MARIA = "maria.diaz@example.com";

  private static final String ANA = "ana.ruiz@example.com";

  private final AuthFixture fixture = new AuthFixture();
  private Api api;
  private String token;
  private String secret;

  @Test
  void every_request_that_the_document_shows_succeeds_and_is_answered_as_it_says() {
    try (fixture) {
      AuthApp app = fixture.start();
      api = fixture.api(app);
      try (Api raw = new Api(app.port())) {
        System.out.println(
            "auth, examples: " + story(new ApiExamples(fixture.contract, raw)).run());
      }
    }
  }

  /// María's, and the administrator's.
  private ApiExamples story(ApiExamples examples) {
    String admin = fixture.login(api, AuthFixture.ADMIN).access();
    return examples
        .with("register", () -> Needs.NOTHING)
        .with("login", () -> Needs.NOTHING)
        .with("listSessions", () -> new Needs(token()))
        .with("validate", () -> new Needs(token()))
        .with("getProfile", () -> new Needs(token()))
        .with("changeProfile", () -> new Needs(token()))
        .with("endSession", () -> new Needs(token()).at("id", sessionOf(newToken())))
        .with(
            "refresh",
            () -> {
              knowRefreshToken(sessionOf(token()));
              return Needs.NOTHING;
            })
        .with("getTotp", () -> new Needs(token()))
        .with("beginTotp", () -> new Needs(token()))
        .with(
            "confirmTotp",
            () -> {
              secret = begin();
              return new Needs(token()).with("/code", code());
            })
        .with("renewRecoveryCodes", () -> new Needs(token()).with("/code", nextCode()))
        .with("disableTotp", () -> new Needs(token()).with("/code", nextCode()))
        .with(
            "removeTotp",
            () -> {
              secret = begin();
              api.post("/auth/totp/confirm", token(), "{\"code\": \"%s\"}".formatted(nextCode()));
              return new Needs(admin).at("id", idOf(MARIA));
            })
        .with("logOut", () -> new Needs(newToken()))
        .with("changePassword", () -> new Needs(newToken()))
        .with("forgotPassword", () -> Needs.NOTHING)
        .with(
            "resetPassword",
            () -> {
              knowResetToken(idOf(MARIA));
              return Needs.NOTHING;
            })
        .with("createUser", () -> new Needs(admin))
        .with("listUsers", () -> new Needs(admin))
        .with("getUser", () -> new Needs(admin).at("id", idOf(ANA)))
        .with("changeUser", () -> new Needs(admin).at("id", idOf(ANA)))
        .with("listAudit", () -> new Needs(admin).at("id", idOf(ANA)))
        .with("getKeys", () -> Needs.NOTHING)
        .with("readAuthDocs", () -> Needs.NOTHING)
        .with("getAuthDocsFile", () -> Needs.NOTHING)
        .with("getAuthOpenApi", () -> Needs.NOTHING)
        .with("getAuthAsyncApi", () -> Needs.NOTHING);
  }

  /// Of one session of María's.
  private String token() {
    if (token == null) {
      token = newToken();
    }
    return token;
  }

  private String newToken() {
    return AuthFixture.Tokens.of(fixture.tryToLogin(api, MARIA, PASSWORD)).access();
  }

  private String idOf(String email) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select id::text from auth.app_user where email = ?")
            .bind(0, email)
            .mapTo(String.class)
            .one());
  }

  /// Begins to enrol.
  private String begin() {
    return api.post("/auth/totp", token(), "{\"currentPassword\": \"%s\"}".formatted(PASSWORD))
        .text("/secret");
  }

  /// Each code counts once.
  private String nextCode() {
    fixture.clock.advance(Duration.ofSeconds(30));
    return code();
  }

  private String code() {
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(
              new SecretKeySpec(Base32.decode(secret), "RAW"),
              fixture.clock.instant(),
              Locale.ROOT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sessionOf(String token) {
    return JWT.decode(token).getClaim("sid").asString();
  }

  /// As if the document's token had been given to this session.
  private void knowRefreshToken(String session) {
    OffsetDateTime now = fixture.clock.instant().atOffset(ZoneOffset.UTC);
    fixture.database.useHandle(handle ->
        handle.execute(
            "insert into auth.refresh_token (hash, session_id, created_at, expires_at)"
                + " values (?, ?::uuid, ?, ?)",
            sha256(REFRESH_TOKEN),
            session,
            now,
            now.plusDays(1)));
  }

  /// As if the document's token had been mailed to this user.
  private void knowResetToken(String user) {
    fixture.database.useHandle(handle ->
        handle.execute(
            "insert into auth.reset_token (hash, user_id, expires_at) values (?, ?::uuid, ?)",
            sha256(RESET_TOKEN),
            user,
            fixture.clock.instant().plusSeconds(60).atOffset(ZoneOffset.UTC)));
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Base64.getUrlDecoder().decode(token));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
