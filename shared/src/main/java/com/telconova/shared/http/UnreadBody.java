package com.telconova.shared.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// What a refused request still has to say. A server that closes a connection with bytes unread
/// resets it, and many a sender then never sees why it was refused; so the rest is read, within
/// limits, before the answer goes.
final class UnreadBody {
  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private UnreadBody() {}

  /// Reads what is left, 16 MiB or 5 s at most. Who waits for our consent (`Expect: 100-continue`)
  /// has sent nothing.
  static void discard(HttpServletRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      return;
    }
    byte[] buffer = new byte[8 * 1024];
    long left = MAX_BYTES;
    long deadline = System.nanoTime() + MAX_TIME.toNanos();
    try {
      InputStream body = request.getInputStream();
      int read = body.read(buffer);
      while (read >= 0 && left > 0 && System.nanoTime() < deadline) {
        left -= read;
        read = body.read(buffer);
      }
    } catch (IOException | RuntimeException e) {
      // The sender is gone, or what it sends is no HTTP: nobody waits for the rest.
    }
  }
}
