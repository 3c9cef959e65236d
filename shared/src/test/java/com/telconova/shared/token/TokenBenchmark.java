package com.telconova.shared.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.telconova.shared.testing.HandClock;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What it costs to know who calls: by a token that is new, and by one that was verified before.
@State(Scope.Benchmark)
public class TokenBenchmark {
  private static final String ISSUER = "https://microflow.test";
  private static final Instant NOW = Instant.parse("2026-01-31T14:00:00Z");
  private static final UUID USER = new UUID(0, 7);
  private static final int LIFE_SECONDS = 300;

  private final Set<UUID> ended = Set.of(new UUID(1, 1));
  private TokenVerifier remembering;
  private TokenVerifier forgetting;
  private String token;
  private long asked;

  @Setup
  public void sign() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    VerificationKeys keys =
        _ -> {
          asked++;
          return Optional.of((ECPublicKey) pair.getPublic());
        };
    token =
        JWT.create()
            .withHeader(Map.of("typ", TokenVerifier.TYPE))
            .withKeyId("k1")
            .withIssuer(ISSUER)
            .withAudience(TokenVerifier.AUDIENCE)
            .withSubject(USER.toString())
            .withClaim("roles", List.of("SUPERVISOR"))
            .withClaim("sid", new UUID(0, 8).toString())
            .withIssuedAt(NOW)
            .withExpiresAt(NOW.plusSeconds(LIFE_SECONDS))
            .sign(Algorithm.ECDSA256((ECPrivateKey) pair.getPrivate()));
    remembering = new TokenVerifier(new HandClock(NOW), ISSUER, keys, ended::contains);
    // Within the leeway of five seconds a token still counts, and nobody is remembered by it.
    forgetting =
        new TokenVerifier(
            new HandClock(NOW.plusSeconds(LIFE_SECONDS + 3)), ISSUER, keys, ended::contains);
  }

  @Benchmark
  public Principal seenBefore() {
    return known(remembering.verify(token));
  }

  @Benchmark
  public Principal firstSeen() {
    long before = asked;
    Principal principal = known(forgetting.verify(token));
    if (asked == before) {
      throw new IllegalStateException("The signature was not looked at.");
    }
    return principal;
  }

  private static Principal known(Principal principal) {
    if (!principal.userId().equals(USER)) {
      throw new IllegalStateException("Somebody else: " + principal.userId());
    }
    return principal;
  }

  @TearDown(Level.Iteration)
  public void whoWasSeenBeforeIsNotAskedForAgain() {
    remembering.verify(token);
    long before = asked;
    remembering.verify(token);
    if (asked != before) {
      throw new IllegalStateException("A token that was verified was verified again.");
    }
  }
}
