package com.telconova.shared.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.telconova.shared.config.Secret;
import com.telconova.shared.problem.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/// Verifies access tokens: JWT, ES256, `typ=at+jwt` (RFC 9068), our issuer and audience, not
/// expired, session not revoked. Thread-safe.
///
/// The signature is most of what it costs, and is checked once a token: whoever was verified is
/// remembered, by a hash of the whole token, until it expires. What was refused is not.
public final class TokenVerifier {
  /// The `aud` of every access token.
  public static final String AUDIENCE = "microflow";

  /// The `typ` of every access token.
  public static final String TYPE = "at+jwt";

  private static final long LEEWAY_SECONDS = 5;
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_REMEMBERED = 5_000; // about 1.5 KB each

  private final Clock clock;
  private final String issuer;
  private final VerificationKeys keys;
  private final Predicate<UUID> ended;
  private final Cache<ByteBuffer, Principal> verified =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .expireAfterWrite(Duration.ofMinutes(5)) // as long as a token lives
          .executor(Runnable::run) // no threads of its own
          .build();

  public TokenVerifier(Clock clock, String issuer, VerificationKeys keys, Revocations revocations) {
    this(clock, issuer, keys, revocations::contains);
  }

  /// @param ended whether the session with this id ended before its tokens did
  public TokenVerifier(Clock clock, String issuer, VerificationKeys keys, Predicate<UUID> ended) {
    this.clock = clock;
    this.issuer = issuer;
    this.keys = keys;
    this.ended = ended;
  }

  /// @throws Failure.Unauthenticated when the token does not count, whatever the reason
  /// @throws Failure.Unavailable when the keys cannot be had at the moment
  public Principal verify(String token) {
    try {
      if (token.length() > MAX_LENGTH) {
        throw new JWTDecodeException("longer than " + MAX_LENGTH);
      }
      ByteBuffer digest = sha256(token);
      Principal known = verified.getIfPresent(digest);
      Principal principal =
          known != null && clock.instant().isBefore(known.expiresAt()) ? known : check(token);
      if (ended.test(principal.sessionId())) {
        throw new JWTVerificationException("session ended");
      }
      if (principal != known) {
        verified.put(digest, principal);
      }
      return principal;
    } catch (JWTVerificationException | IllegalArgumentException e) {
      throw new Failure.Unauthenticated(
          "The access token is malformed, expired or not ours; log in or refresh.");
    }
  }

  private Principal check(String token) {
    DecodedJWT unverified = JWT.decode(token);
    requireOurHeader(unverified);
    ECPublicKey key =
        keys.find(unverified.getKeyId())
            .orElseThrow(() -> new JWTVerificationException("unknown kid"));
    return principal(verifier(key).verify(unverified));
  }

  private static ByteBuffer sha256(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private void requireOurHeader(DecodedJWT token) {
    boolean ours =
        "ES256".equals(token.getAlgorithm())
            && TYPE.equals(token.getType())
            && token.getKeyId() != null
            && token.getHeaderClaim("crit").isMissing();
    if (!ours) {
      throw new JWTVerificationException("not the header of an access token of ours");
    }
  }

  private JWTVerifier verifier(ECPublicKey key) {
    return ((JWTVerifier.BaseVerification)
            JWT.require(Algorithm.ECDSA256(key, null))
                .withIssuer(issuer)
                .withAudience(AUDIENCE)
                .acceptLeeway(LEEWAY_SECONDS))
        .build(clock);
  }

  private static Principal principal(DecodedJWT token) {
    return new Principal(
        uuid(token.getClaim("sub")),
        role(token.getClaim("roles")),
        uuid(token.getClaim("sid")),
        there(token.getExpiresAtAsInstant()),
        new Secret(token.getToken()));
  }

  private static UUID uuid(Claim claim) {
    return UUID.fromString(there(claim.asString()));
  }

  private static Role role(Claim claim) {
    List<Role> roles = there(claim.asList(Role.class));
    if (roles.size() != 1 || roles.contains(Role.ANYONE)) {
      throw new JWTVerificationException("not one role");
    }
    return there(roles.getFirst());
  }

  /// A claim that is there may still be null; a null `exp` would never expire.
  private static <T> T there(T value) {
    if (value == null) {
      throw new JWTVerificationException("a claim is null or of another form");
    }
    return value;
  }
}
