package com.telconova.auth.session;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.telconova.auth.account.User;
import com.telconova.auth.key.MasterKey;
import com.telconova.auth.key.SigningKey;
import com.telconova.auth.key.SigningKeys;
import com.telconova.shared.config.Secret;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.SecretKey;

/// Makes access tokens (RFC 9068, ES256) and refresh tokens. Thread-safe.
public final class TokenMint {
  private static final String LABEL = "microflow auth refresh-token successor 1";

  /// The `sub` of auth's own tokens: the name-based UUID (RFC 9562, version 5, URL name space) of
  /// `urn:microflow:auth`. No user has it.
  public static final UUID SERVICE_ID = UUID.fromString("1bbc11dd-1ef2-5b51-a10b-07d4bb920e75");

  private static final Duration SERVICE_LIFETIME = Duration.ofMinutes(1);

  private final Clock clock;
  private final String issuer;
  private final Duration lifetime;
  private final SigningKeys keys;
  private final SecretKey successorKey;
  private final SecureRandom random = new SecureRandom();

  /// @param issuer the `iss` of every token
  /// @param lifetime how long an access token counts
  public TokenMint(
      Clock clock, String issuer, Duration lifetime, SigningKeys keys, MasterKey master) {
    this.clock = clock;
    this.issuer = issuer;
    this.lifetime = lifetime;
    this.keys = keys;
    this.successorKey = master.derive(LABEL, "HmacSHA256");
  }

  /// Signing takes half a millisecond: not to be done in a transaction.
  Secret accessToken(User user, UUID session) {
    return token(user.id(), user.role().name(), session, lifetime);
  }

  /// Lets auth itself call another service, once: role SERVICE, good for a minute, in a session of
  /// its own that nobody can refresh.
  public Secret serviceToken() {
    return token(SERVICE_ID, Role.SERVICE.name(), UUID.randomUUID(), SERVICE_LIFETIME);
  }

  private Secret token(UUID subject, String role, UUID session, Duration counts) {
    SigningKey key = keys.current();
    Instant now = clock.instant();
    String token =
        JWT.create()
            .withHeader(Map.of("typ", TokenVerifier.TYPE))
            .withKeyId(key.kid())
            .withIssuer(issuer)
            .withAudience(TokenVerifier.AUDIENCE)
            .withSubject(subject.toString())
            .withClaim("roles", List.of(role))
            .withClaim("sid", session.toString())
            .withJWTId(UUID.randomUUID().toString())
            .withIssuedAt(now)
            .withExpiresAt(now.plus(counts))
            .sign(Algorithm.ECDSA256(key.publicKey(), key.privateKey()));
    return new Secret(token);
  }

  /// The first of a new session.
  RefreshToken refreshToken() {
    return RefreshToken.random(random);
  }

  /// The one that follows.
  RefreshToken successor(RefreshToken parent) {
    return parent.successor(successorKey);
  }
}
