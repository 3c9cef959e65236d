package com.telconova.auth.credential;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// 256 bits that let whoever got them by mail set a new password, once.
final class ResetToken {
  private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final byte[] bytes;

  private ResetToken(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The token of a request in one of its rounds: always the same, and not to be guessed without
  /// the key.
  ///
  /// @param key for HMAC-SHA256
  static ResetToken of(ResetRequest request, SecretKey key) {
    ByteBuffer input = ByteBuffer.allocate(Long.BYTES * 3 + Integer.BYTES);
    input.putLong(request.id().getMostSignificantBits());
    input.putLong(request.id().getLeastSignificantBits());
    input.putLong(request.expiresAt().getEpochSecond());
    input.putInt(request.expiresAt().getNano());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return new ResetToken(mac.doFinal(input.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  /// What somebody presents; empty when it cannot be one of ours.
  static Optional<ResetToken> find(String text) {
    return FORMAT.matcher(text).matches()
        ? Optional.of(new ResetToken(Base64.getUrlDecoder().decode(text)))
        : Optional.empty();
  }

  /// SHA-256: enough for what cannot be guessed.
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /// For the mail: base64url, 43 characters.
  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "***";
  }
}
