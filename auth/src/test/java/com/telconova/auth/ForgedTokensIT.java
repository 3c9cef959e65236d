package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.telconova.auth.key.SigningKeys;
import com.telconova.shared.database.Database;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Api.Answer;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.JwkSet;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What somebody can make who has seen tokens and the published keys, and has no private key.
final class ForgedTokensIT {
  private static AuthFixture fixture;
  private static Api api;
  private static String genuine;
  private static String kid;
  private static ECPublicKey published;
  private static KeyPair own;

  @BeforeAll
  static void start() throws Exception {
    fixture = new AuthFixture();
    api = fixture.api(fixture.start());
    genuine = fixture.login(api, AuthFixture.ADMIN).access();
    kid = JWT.decode(genuine).getKeyId();
    published =
        Mappers.TOLERANT
            .treeToValue(api.get("/.well-known/jwks.json", null).body(), JwkSet.class)
            .toKeys()
            .get(kid);
    own = keyPair();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void the_genuine_one_counts() {
    assertThat(api.get("/auth/profile", genuine).status()).isEqualTo(200);
  }

  @Test
  void without_a_token_or_with_another_scheme_nothing_is_shown() {
    assertRefused(api.get("/auth/profile", null), "");
    assertRefused(
        api.get("/auth/profile", null, "Authorization", "Basic YWRtaW46YWRtaW4="), "Basic");
    assertRefused("");
    assertRefused("not.a.token");
    assertRefused(genuine + "x");
    assertRefused("x".repeat(5000));
  }

  @Test
  void an_unsigned_token_is_refused() {
    String header = encode("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}");

    assertRefused(with(header, payload(), ""));
    assertRefused(with(header, payload(), signature()));
  }

  @Test
  void a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() {
    for (byte[] secret :
        List.of(
            published.getEncoded(),
            Base64.getEncoder().encode(published.getEncoded()),
            kid.getBytes(StandardCharsets.UTF_8))) {
      assertRefused(claims(UnaryOperator.identity()).sign(Algorithm.HMAC256(secret)));
    }
  }

  @Test
  void a_genuine_token_with_another_role_is_refused() {
    String raised =
        new String(Base64.getUrlDecoder().decode(payload()), StandardCharsets.UTF_8)
            .replace("ADMIN", "SUPERVISOR");

    assertRefused(with(header(), encode(raised), signature()));
  }

  @Test
  void a_signature_of_nothing_is_refused() {
    byte[] zeroes = new byte[64];

    assertRefused(with(header(), payload(), encode(zeroes)));
    assertRefused(with(header(), payload(), ""));
    assertRefused(with(header(), payload(), encode(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0})));
  }

  @Test
  void a_token_of_somebody_elses_key_is_refused_whatever_it_says_of_that_key() {
    JwkSet.Jwk jwk = JwkSet.Jwk.of("mine", (ECPublicKey) own.getPublic());
    Map<String, Object> embedded =
        Map.of("kty", jwk.kty(), "crv", jwk.crv(), "x", jwk.x(), "y", jwk.y());

    assertRefused(signed(UnaryOperator.identity()));
    assertRefused(signed(token -> token.withKeyId("unknown")));
    assertRefused(signed(token -> token.withKeyId("../../etc/passwd")));
    assertRefused(signed(token -> token.withKeyId("' or 1=1 --")));
    assertRefused(signed(token -> token.withHeader(header("jwk", embedded))));
    assertRefused(signed(token -> token.withHeader(header("jku", "http://127.0.0.1/keys"))));
    assertRefused(signed(token -> token.withHeader(header("x5u", "http://127.0.0.1/cert"))));
  }

  /// Signed with the true key, so that nothing but the named claim is wrong.
  @Test
  void a_token_of_ours_for_another_purpose_is_refused() {
    Algorithm genuineKey = Algorithm.ECDSA256(published, privateKey());
    Instant now = fixture.clock.instant();

    assertThat(api.get("/auth/profile", claims(UnaryOperator.identity()).sign(genuineKey)).status())
        .isEqualTo(200);
    for (UnaryOperator<JWTCreator.Builder> change :
        List.<UnaryOperator<JWTCreator.Builder>>of(
            token -> token.withHeader(Map.of("typ", "JWT")),
            token -> token.withHeader(Map.of("typ", "id+jwt")),
            token -> token.withHeader(header("crit", List.of("exp"))),
            token -> token.withIssuer("http://elsewhere.test"),
            token -> token.withAudience("another"),
            token -> token.withExpiresAt(now.minusSeconds(6)),
            token -> token.withExpiresAt((Instant) null),
            token -> token.withIssuedAt(now.plus(Duration.ofHours(1))),
            token -> token.withNotBefore(now.plus(Duration.ofHours(1))),
            token -> token.withSubject("admin"),
            token -> token.withClaim("sid", "x"),
            token -> token.withClaim("roles", List.of("OWNER")),
            token -> token.withClaim("roles", List.of("ANYONE")),
            token -> token.withClaim("roles", List.of("CLIENT", "ADMIN")),
            token -> token.withClaim("roles", "ADMIN"),
            token -> token.withClaim("roles", Collections.singletonList(null)),
            token -> token.withClaim("roles", List.<String>of()))) {
      assertRefused(claims(change).sign(genuineKey));
    }
  }

  @Test
  void a_token_is_refused_once_it_expired() {
    try (AuthFixture later = new AuthFixture()) {
      Api there = later.api(later.start());
      String token = later.login(there, AuthFixture.ADMIN).access();
      later.clock.advance(Duration.ofSeconds(304));
      assertThat(there.get("/auth/profile", token).status()).isEqualTo(200);

      later.clock.advance(Duration.ofSeconds(2));

      assertThat(there.get("/auth/profile", token).status()).isEqualTo(401);
    }
  }

  private static void assertRefused(String token) {
    assertRefused(api.get("/auth/profile", token), token);
  }

  private static void assertRefused(Answer answer, String token) {
    assertThat(answer.status()).as(readable(token)).isEqualTo(401);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(answer.text("/type")).isEqualTo("urn:microflow:problem:unauthenticated");
  }

  private static String readable(String token) {
    StringBuilder parts = new StringBuilder();
    for (String part : token.split("\\.")) {
      parts.append(part).append(' ');
      if (part.startsWith("ey")) {
        parts.append(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
      }
    }
    return parts.toString();
  }

  /// A genuine-looking token, changed, signed with a key of one's own.
  private static String signed(UnaryOperator<JWTCreator.Builder> change) {
    return claims(change)
        .sign(Algorithm.ECDSA256((ECPublicKey) own.getPublic(), (ECPrivateKey) own.getPrivate()));
  }

  private static JWTCreator.Builder claims(UnaryOperator<JWTCreator.Builder> change) {
    Instant now = fixture.clock.instant();
    return change.apply(
        JWT.create()
            .withHeader(Map.of("typ", "at+jwt"))
            .withKeyId(kid)
            .withIssuer(Tokens.ISSUER)
            .withAudience("microflow")
            .withSubject(JWT.decode(genuine).getSubject())
            .withClaim("roles", List.of("ADMIN"))
            .withClaim("sid", UUID.randomUUID().toString())
            .withIssuedAt(now)
            .withExpiresAt(now.plusSeconds(300)));
  }

  private static Map<String, Object> header(String name, Object value) {
    return Map.of("typ", "at+jwt", name, value);
  }

  private static ECPrivateKey privateKey() {
    Config config = Config.from(fixture.environment);
    try (Database database = Database.open(config.database(), new CollectorRegistry());
        SigningKeys keys =
            new SigningKeys(fixture.clock, database, config.masterKey(), config.keyLifetime())) {
      return keys.current().privateKey();
    }
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String header() {
    return genuine.split("\\.")[0];
  }

  private static String payload() {
    return genuine.split("\\.")[1];
  }

  private static String signature() {
    return genuine.split("\\.")[2];
  }

  private static String with(String header, String payload, String signature) {
    return header + "." + payload + "." + signature;
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
