package com.telconova.local.gateway;

import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// What whoever is refused still sends. It is read before the answer goes, as the services do it,
/// within limits; else the connection would be reset, and the answer with it. No thread waits for
/// it.
final class UnreadBody implements Runnable {
  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final int status;
  private final long deadline = System.nanoTime() + MAX_TIME.toNanos();
  private long left = MAX_BYTES;

  private UnreadBody(Request request, Response response, Callback callback, int status) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.status = status;
  }

  /// Answers with the problem that belongs to the status when the rest is read, and else ends the
  /// connection.
  static void refuse(Request request, Response response, Callback callback, int status) {
    var unread = new UnreadBody(request, response, callback, status);
    // Whoever waits for consent has sent nothing, which Jetty knows.
    if (request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString())) {
      unread.answer();
    } else {
      unread.run();
    }
  }

  @Override
  public void run() {
    while (left >= 0 && System.nanoTime() - deadline < 0) {
      var chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        break;
      }
      left -= chunk.remaining();
      boolean isLast = chunk.isLast();
      chunk.release();
      if (isLast) {
        break;
      }
    }
    answer();
  }

  private void answer() {
    Response.writeError(request, response, callback, status);
  }
}
