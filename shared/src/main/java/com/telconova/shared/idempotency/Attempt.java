package com.telconova.shared.idempotency;

import com.telconova.shared.http.Requests;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// One sending of a request that carries an `Idempotency-Key`.
///
/// @param id the same for everything the same caller sends to the same path under the same key
record Attempt(byte[] id, String key, String query) {
  static final String HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1,64}");

  /// @throws Failure.BadRequest when the key is none
  static Attempt of(Context ctx, String key) {
    if (!KEY.matcher(key).matches()) {
      throw new Failure.BadRequest(
          HEADER + " takes 1 to 64 visible ASCII characters, such as a UUID.");
    }
    String scope = String.join("\n", Requests.sender(ctx), ctx.method().name(), ctx.path(), key);
    String query = ctx.queryString() == null ? "" : ctx.queryString();
    return new Attempt(sha256(scope), key, query);
  }

  /// The same for the same query and body.
  ///
  /// @param body or whatever tells it from others
  byte[] hash(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      mac.update((query + "\n").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A number for PostgreSQL's advisory lock.
  long lock() {
    return ByteBuffer.wrap(id).getLong();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
