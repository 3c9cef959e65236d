package com.telconova.auth.session;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// 256 bits that stand for a session until they are exchanged for the next. Only their hash is
/// stored.
final class RefreshToken {
  private static final int BYTES = 32;
  private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final byte[] bytes;

  private RefreshToken(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The first of a session.
  static RefreshToken random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new RefreshToken(bytes);
  }

  /// What a client presents; empty when it cannot be one of ours.
  static Optional<RefreshToken> find(String text) {
    return FORMAT.matcher(text).matches()
        ? Optional.of(new RefreshToken(Base64.getUrlDecoder().decode(text)))
        : Optional.empty();
  }

  /// The token that follows this one: always the same, so that it can be handed out again although
  /// only its hash is stored, and nobody without the key can tell it from this one.
  ///
  /// @param key for HMAC-SHA256
  RefreshToken successor(SecretKey key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return new RefreshToken(mac.doFinal(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  /// SHA-256: enough for what is already random.
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /// For the client: base64url, 43 characters.
  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "***";
  }
}
