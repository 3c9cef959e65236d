package com.telconova.shared.http;

import io.javalin.config.JavalinConfig;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// What a request still has to say when its answer is known: it was refused, or nobody asked for
/// its body. A server that closes a connection with bytes unread resets it, and many a sender then
/// never sees the answer; or it sends its next request into a connection that is no more. So the
/// rest is read, within limits, before the answer goes, and beyond them the answer says that the
/// connection ends (RFC 9112 §9.6).
final class UnreadBody {
  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private UnreadBody() {}

  static void register(JavalinConfig javalin) {
    javalin.routes.after(ctx -> discard(ctx.req(), ctx.res()));
  }

  private static void discard(HttpServletRequest request, HttpServletResponse response) {
    boolean hasBody =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    if (!hasBody || response.isCommitted()) {
      return;
    }
    // Whoever waits for our consent and is refused has sent nothing.
    boolean waits =
        response.getStatus() >= 400 && "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    if (waits || !isReadToItsEnd(request)) {
      response.setHeader("Connection", "close");
    }
  }

  /// Reads what is left, 16 MiB or 5 s at most.
  private static boolean isReadToItsEnd(HttpServletRequest request) {
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
      return read < 0;
    } catch (IOException | RuntimeException e) {
      // The sender is gone, or what it sends is no HTTP: nobody waits for the rest.
      return false;
    }
  }
}
