package com.telconova.shared.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.HandClock;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenVerifierTest {
  private static final String ISSUER = "https://microflow.test";
  private static final String KID = "k1";
  private static final Instant NOW = Instant.parse("2026-01-31T14:00:00Z");
  private static KeyPair ours;
  private static KeyPair theirs;

  private final HandClock clock = new HandClock(NOW);
  private final UUID user = UUID.randomUUID();
  private final UUID session = UUID.randomUUID();
  private final Set<UUID> ended = new HashSet<>();
  private final List<String> asked = new ArrayList<>();
  private final TokenVerifier verifier =
      new TokenVerifier(clock, ISSUER, this::find, ended::contains);

  @BeforeAll
  static void keys() throws GeneralSecurityException {
    ours = keyPair("EC");
    theirs = keyPair("EC");
  }

  private Optional<ECPublicKey> find(String kid) {
    asked.add(kid);
    return kid.equals(KID) ? Optional.of((ECPublicKey) ours.getPublic()) : Optional.empty();
  }

  @Test
  void a_good_token_says_who_calls() {
    String token = sign(good());

    Principal principal = verifier.verify(token);

    assertThat(principal.userId()).isEqualTo(user);
    assertThat(principal.role()).isEqualTo(Role.TECHNICIAN);
    assertThat(principal.sessionId()).isEqualTo(session);
    assertThat(principal.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(principal.token().value()).isEqualTo(token);
    assertThat(principal.toString()).doesNotContain(token);
  }

  @Test
  void a_token_counts_until_it_expires_and_five_seconds_longer() {
    String token = sign(good());

    clock.advance(Duration.ofSeconds(304));
    verifier.verify(token);
    clock.advance(Duration.ofSeconds(2));

    assertRefused(token);
  }

  @Test
  void a_token_from_the_future_does_not_count() {
    assertRefused(sign(good().withIssuedAt(NOW.plusSeconds(60))));
    assertRefused(sign(good().withNotBefore(NOW.plusSeconds(60))));
    verifier.verify(sign(good().withIssuedAt(NOW.plusSeconds(3))));
  }

  @Test
  void a_session_that_ended_takes_its_tokens_with_it() {
    String token = sign(good());
    verifier.verify(token);

    ended.add(session);

    assertRefused(token);
  }

  @Test
  void a_signature_is_checked_once_a_token_and_the_session_each_time() {
    String token = sign(good());
    Principal first = verifier.verify(token);

    assertThat(verifier.verify(token)).isEqualTo(first);
    assertThat(asked).hasSize(1);
    ended.add(session);
    assertRefused(token);
    ended.clear();
    clock.advance(Duration.ofSeconds(306));
    assertRefused(token);
  }

  @Test
  void what_was_refused_is_not_remembered() {
    String forged = good().sign(Algorithm.ECDSA256((ECPrivateKey) theirs.getPrivate()));

    assertRefused(forged);
    assertRefused(forged);

    assertThat(asked).hasSize(2);
  }

  @Test
  void a_token_that_was_seen_costs_a_fraction_of_one_that_was_not() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      tokens.add(sign(good().withClaim("n", i)));
    }
    tokens.subList(0, 300).forEach(verifier::verify); // warm
    List<String> unseen = tokens.subList(300, 600);

    long first = nanosOf(unseen);
    long again = nanosOf(unseen);

    System.out.printf(
        "a token seen before costs %.1f %% of a new one (%d µs)%n",
        100.0 * again / first, first / unseen.size() / 1_000);
    assertThat(again).isLessThan(first / 3);
  }

  private long nanosOf(List<String> tokens) {
    long start = System.nanoTime();
    tokens.forEach(verifier::verify);
    return System.nanoTime() - start;
  }

  @Test
  void unsigned_tokens_do_not_count() {
    assertRefused(good().sign(Algorithm.none()));
    for (String algorithm : List.of("none", "None", "NONE", "", "ES256")) {
      String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\"" + KID + "\"}";
      assertRefused(encode(header) + "." + payload(sign(good())) + ".");
    }
  }

  @Test
  void the_public_key_is_nobodys_shared_secret() {
    for (byte[] secret :
        List.of(
            ours.getPublic().getEncoded(),
            Base64.getEncoder().encode(ours.getPublic().getEncoded()),
            KID.getBytes(UTF_8),
            new byte[32])) {
      assertRefused(good().sign(Algorithm.HMAC256(secret)));
    }
  }

  @Test
  void other_algorithms_do_not_count_whoever_signs() throws GeneralSecurityException {
    assertRefused(good().sign(Algorithm.RSA256((RSAPrivateKey) keyPair("RSA").getPrivate())));
    assertRefused(
        parts(
            "{\"alg\":\"es256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}", payload(sign(good())), ours));
    assertRefused(
        parts(
            "{\"alg\":[\"ES256\"],\"typ\":\"at+jwt\",\"kid\":\"k1\"}",
            payload(sign(good())),
            ours));
  }

  @Test
  void somebody_elses_signature_does_not_count_under_our_name() {
    assertRefused(good().sign(Algorithm.ECDSA256((ECPrivateKey) theirs.getPrivate())));
  }

  @Test
  void a_key_that_a_token_brings_along_is_not_even_looked_at() {
    JwkSet.Jwk jwk = JwkSet.Jwk.of(KID, (ECPublicKey) theirs.getPublic());
    for (Map<String, Object> header :
        List.<Map<String, Object>>of(
            Map.of("jwk", Map.of("kty", "EC", "crv", "P-256", "x", jwk.x(), "y", jwk.y())),
            Map.of("jku", "http://127.0.0.1:1/keys"),
            Map.of("x5u", "http://127.0.0.1:1/cert"),
            Map.of("x5c", List.of("MIIB")))) {
      assertRefused(
          good().withHeader(header).sign(Algorithm.ECDSA256((ECPrivateKey) theirs.getPrivate())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"k2", "", "../../etc/passwd", "' or 1=1 --", "http://127.0.0.1/"})
  void an_unknown_key_does_not_count(String kid) {
    assertRefused(sign(good().withKeyId(kid)));
  }

  @Test
  void a_token_of_another_kind_issuer_or_audience_does_not_count() {
    assertRefused(sign(typed("JWT")));
    assertRefused(sign(typed("")));
    assertRefused(sign(typed("application/at+jwt;x")));
    assertRefused(sign(good().withIssuer("https://evil.test")));
    assertRefused(sign(good().withIssuer(ISSUER + "/")));
    assertRefused(sign(good().withAudience("other")));
    assertRefused(sign(good().withHeader(Map.of("crit", List.of("exp")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "sub", "sid", "exp", "roles"})
  void every_claim_we_rely_on_has_to_be_there(String claim) {
    assertRefused(sign(good().withNullClaim(claim)));
    String without = json(sign(good())).replaceFirst("\"" + claim + "\":(\\[[^]]*]|[^,}]*),?", "");
    assertRefused(signed(without.replace(",}", "}")));
  }

  @Test
  void claims_of_another_form_do_not_count() {
    assertRefused(sign(good().withSubject("admin")));
    assertRefused(sign(good().withClaim("sid", "1")));
    assertRefused(sign(good().withClaim("sid", 1)));
    assertRefused(sign(good().withClaim("roles", "ADMIN")));
    assertRefused(sign(good().withClaim("roles", List.of())));
    assertRefused(sign(good().withClaim("roles", List.of("ROOT"))));
    assertRefused(sign(good().withClaim("roles", List.of("admin"))));
    assertRefused(sign(good().withClaim("roles", List.of("ANYONE"))));
    assertRefused(sign(good().withClaim("roles", List.of("CLIENT", "ADMIN"))));
    assertRefused(sign(good().withClaim("roles", Map.of("0", "ADMIN"))));
    assertRefused(signed(json(sign(good())).replaceFirst("\"exp\":[0-9]+", "\"exp\":\"never\"")));
  }

  @Test
  void a_token_that_was_tampered_with_does_not_count() {
    String token = sign(good());
    String[] parts = token.split("\\.");
    String raised = encode(json(token).replace("TECHNICIAN", "ADMIN"));

    assertRefused(parts[0] + "." + raised + "." + parts[2]);
    assertRefused(parts[0] + "." + parts[1] + "." + encode(new byte[64]));
    assertRefused(parts[0] + "." + parts[1] + "." + encode(new byte[63]));
    assertRefused(parts[0] + "." + parts[1] + "." + parts[2].substring(0, 80));
    assertRefused(parts[0] + "." + parts[1] + ".");
    assertRefused(parts[0] + "." + parts[1]);
    assertRefused(token + ".x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", "..", "...", "a.b.c", "e30.e30.e30", "ñ.ñ.ñ", "null", "\0"})
  void what_is_no_token_does_not_count(String token) {
    assertRefused(token);
  }

  @Test
  void a_token_beyond_four_kib_is_not_even_decoded() {
    assertRefused(sign(good().withClaim("x", "y".repeat(4_000))));
    assertRefused("x".repeat(1_000_000));
    assertThat(asked).isEmpty();
  }

  @Test
  void deeply_nested_claims_do_no_harm() {
    String nested = "{\"a\":" + "[".repeat(1_400) + "]".repeat(1_400) + "}";

    assertRefused(signed(nested));
  }

  private JWTCreator.Builder good() {
    return typed(TokenVerifier.TYPE);
  }

  private JWTCreator.Builder typed(String type) {
    return JWT.create()
        .withHeader(Map.of("typ", type))
        .withKeyId(KID)
        .withIssuer(ISSUER)
        .withAudience(TokenVerifier.AUDIENCE)
        .withSubject(user.toString())
        .withClaim("roles", List.of("TECHNICIAN"))
        .withClaim("sid", session.toString())
        .withIssuedAt(NOW)
        .withExpiresAt(NOW.plusSeconds(300));
  }

  private static String sign(JWTCreator.Builder token) {
    return token.sign(Algorithm.ECDSA256((ECPrivateKey) ours.getPrivate()));
  }

  /// A payload of any form, properly signed.
  private static String signed(String payload) {
    String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"" + KID + "\"}";
    try {
      return parts(header, encode(payload), ours);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String parts(String header, String payload, KeyPair signer)
      throws GeneralSecurityException {
    String content = encode(header) + "." + payload;
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(signer.getPrivate());
    signature.update(content.getBytes(UTF_8));
    return content + "." + encode(signature.sign());
  }

  private static String payload(String token) {
    return token.split("\\.")[1];
  }

  private static String json(String token) {
    return new String(Base64.getUrlDecoder().decode(payload(token)), UTF_8);
  }

  private static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void assertRefused(String token) {
    assertThatThrownBy(() -> verifier.verify(token))
        .as(token.length() > 200 ? token.substring(0, 200) : token)
        .isInstanceOf(Failure.Unauthenticated.class)
        .hasMessage("The access token is malformed, expired or not ours; log in or refresh.");
  }

  private static KeyPair keyPair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    } else {
      generator.initialize(1024); // weak, and soon made
    }
    return generator.generateKeyPair();
  }
}
