package com.telconova.auth.factor;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/// A secret that a user's device and we share, and the codes that follow from it and the time (RFC
/// 6238): HMAC-SHA-1, six digits, every 30 seconds, which is what every authenticator understands.
final class Totp {
  /// As many bits as SHA-1 has (RFC 4226 §4).
  private static final int BYTES = 20;

  private static final int DIGITS = 6;
  private static final int STEP_SECONDS = 30;

  /// How many steps a device's clock may be off, or its user slow (RFC 6238 §5.2).
  private static final int WINDOW = 1;

  private static final String ISSUER = "MicroFlow";
  private static final Pattern FORMAT = Pattern.compile("[0-9]{" + DIGITS + "}");

  private final byte[] secret;

  Totp(byte[] secret) {
    this.secret = secret.clone();
  }

  static Totp random(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return new Totp(secret);
  }

  byte[] secret() {
    return secret.clone();
  }

  /// For people who type it: base32 (RFC 4648), 32 letters and digits.
  String text() {
    return Base32.toBase32String(secret);
  }

  /// For a QR code, in the form that authenticators read.
  String uri(String account) {
    String label = URLEncoder.encode(account, StandardCharsets.UTF_8).replace("+", "%20");
    return "otpauth://totp/%1$s:%2$s?secret=%3$s&issuer=%1$s&algorithm=SHA1&digits=%4$d&period=%5$d"
        .formatted(ISSUER, label, text(), DIGITS, STEP_SECONDS);
  }

  /// Whether this could be a code at all.
  static boolean isCode(String text) {
    return FORMAT.matcher(text).matches();
  }

  /// The step whose code this is, if that is near and later than the last one that was taken.
  OptionalLong match(String code, Instant now, long last) {
    long current = now.getEpochSecond() / STEP_SECONDS;
    OptionalLong found = OptionalLong.empty();
    for (long step = current - WINDOW; step <= current + WINDOW; step++) {
      boolean same =
          MessageDigest.isEqual(
              code(step).getBytes(StandardCharsets.US_ASCII),
              code.getBytes(StandardCharsets.UTF_8));
      if (same && step > last) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  private String code(long step) {
    try {
      return new HmacOneTimePasswordGenerator(DIGITS)
          .generateOneTimePasswordString(new SecretKeySpec(secret, "RAW"), step, Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any bytes are a key of HMAC", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
