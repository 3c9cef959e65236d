package com.telconova.auth.key;

import com.telconova.shared.token.JwkSet.Jwk;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/// A pair of P-256 keys for ES256.
///
/// @param kid the public key's thumbprint: whoever knows the key knows its id, and the other way
///   round
/// @param signsFrom from when on it signs, until a later one does; microseconds
public record SigningKey(
    String kid,
    ECPublicKey publicKey,
    ECPrivateKey privateKey,
    Instant createdAt,
    Instant signsFrom) {
  public SigningKey {
    if (!kid.equals(thumbprint(publicKey))) {
      throw new IllegalArgumentException("the id " + kid + " is another key's");
    }
  }

  /// A new pair.
  static SigningKey generate(Instant now, Instant signsFrom) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPublicKey publicKey = (ECPublicKey) pair.getPublic();
      return new SigningKey(
          thumbprint(publicKey), publicKey, (ECPrivateKey) pair.getPrivate(), now, signsFrom);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is part of every JDK", e);
    }
  }

  /// The public half, as it is published.
  Jwk jwk() {
    return Jwk.of(kid, publicKey);
  }

  /// SHA-256 of the key's required members in lexical order (RFC 7638), base64url.
  private static String thumbprint(ECPublicKey key) {
    Jwk jwk = Jwk.of(null, key);
    String members =
        "{\"crv\":\"%s\",\"kty\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(jwk.crv(), jwk.kty(), jwk.x(), jwk.y());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
