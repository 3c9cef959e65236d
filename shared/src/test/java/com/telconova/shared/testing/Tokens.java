package com.telconova.shared.testing;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.token.JwkSet;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/// Access tokens for the tests of services other than auth: a key of its own, published as a JWK
/// set on loopback the way auth does it.
public final class Tokens implements AutoCloseable {
  /// The `iss` that the services under test expect.
  public static final String ISSUER = "http://microflow.test";

  private static final String KID = "test-key";
  private static final long VALID_SECONDS = 300;

  private final Clock clock;
  private final KeyPair pair;
  private final HttpServer server;

  private Tokens(Clock clock, KeyPair pair, HttpServer server) {
    this.clock = clock;
    this.pair = pair;
    this.server = server;
  }

  public static Tokens open() {
    return open(Clock.systemUTC());
  }

  /// @param clock the one that the service under test has: tokens are issued by it
  public static Tokens open(Clock clock) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] set =
          new ObjectMapper()
              .writeValueAsBytes(
                  new JwkSet(List.of(JwkSet.Jwk.of(KID, (ECPublicKey) pair.getPublic()))));
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/.well-known/jwks.json",
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(200, set.length);
              exchange.getResponseBody().write(set);
            }
          });
      server.start();
      return new Tokens(clock, pair, server);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the keys are published: `JWKS_URL`.
  public URI jwksUrl() {
    return URI.create(
        "http://127.0.0.1:" + server.getAddress().getPort() + "/.well-known/jwks.json");
  }

  /// A valid token for this user in a session of its own.
  public String issue(UUID userId, Role role) {
    return issue(userId, role, UUID.randomUUID());
  }

  /// A valid token for this user and session.
  public String issue(UUID userId, Role role, UUID sessionId) {
    return JWT.create()
        .withHeader(java.util.Map.of("typ", TokenVerifier.TYPE))
        .withKeyId(KID)
        .withIssuer(ISSUER)
        .withAudience(TokenVerifier.AUDIENCE)
        .withSubject(userId.toString())
        .withClaim("roles", List.of(role.name()))
        .withClaim("sid", sessionId.toString())
        .withJWTId(UUID.randomUUID().toString())
        .withIssuedAt(clock.instant())
        .withExpiresAt(clock.instant().plusSeconds(VALID_SECONDS))
        .sign(Algorithm.ECDSA256((ECPrivateKey) pair.getPrivate()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
