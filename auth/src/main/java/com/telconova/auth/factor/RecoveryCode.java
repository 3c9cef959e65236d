package com.telconova.auth.factor;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.bouncycastle.util.encoders.Base32;

/// 80 bits on paper that are taken in place of a code, once: nobody guesses them, so that a keyed
/// hash, and no slow one, keeps them.
final class RecoveryCode {
  private static final int BYTES = 10;
  private static final Pattern FORMAT = Pattern.compile("[A-Z2-7]{16}");
  private static final Pattern GROUP = Pattern.compile("(.{4})(?!$)");
  private static final Pattern FILLING = Pattern.compile("[\\s-]");

  private final String letters;

  private RecoveryCode(String letters) {
    this.letters = letters;
  }

  static RecoveryCode random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new RecoveryCode(Base32.toBase32String(bytes));
  }

  /// What somebody typed, however they wrote it; empty when it cannot be one.
  static Optional<RecoveryCode> find(String typed) {
    String letters = FILLING.matcher(typed).replaceAll("").toUpperCase(Locale.ROOT);
    return FORMAT.matcher(letters).matches()
        ? Optional.of(new RecoveryCode(letters))
        : Optional.empty();
  }

  /// For its owner: four groups of four.
  String text() {
    return GROUP.matcher(letters.toLowerCase(Locale.ROOT)).replaceAll("$1-");
  }

  /// As one user's; of another user's same code it is another.
  ///
  /// @param key for HMAC-SHA256
  byte[] hash(UUID user, SecretKey key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(user.getMostSignificantBits())
              .putLong(user.getLeastSignificantBits())
              .flip());
      return mac.doFinal(Base32.decode(letters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
