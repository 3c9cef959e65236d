package com.telconova.tracking.live;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.io.EndPoint;

/// An answer of type `text/event-stream` that one thread writes, a whole event at a time. Any other
/// may see how long a write takes, and cut it.
final class EventStream {
  /// Smaller than an event, so that Jetty hands on each as it is and keeps no buffer between two.
  private static final int BUFFER_BYTES = 64;

  private final ServletOutputStream out;
  private final EndPoint connection;
  private volatile long writingSince; // System.nanoTime(), or 0 between two writes

  private EventStream(ServletOutputStream out, EndPoint connection) {
    this.out = out;
    this.connection = connection;
  }

  /// Writes the head of the answer, not sent before the first [#send].
  static EventStream begin(Context ctx) {
    HttpServletResponse response = ctx.res();
    head(ctx);
    response.setBufferSize(BUFFER_BYTES);
    EndPoint connection =
        ServletContextResponse.getServletContextResponse(response)
            .getRequest()
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    try {
      // Not Javalin's stream, which may compress and then holds back what it has.
      return new EventStream(response.getOutputStream(), connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Only the head: what HEAD asks for.
  static void head(Context ctx) {
    ctx.status(200);
    ctx.res().setContentType("text/event-stream");
    ctx.res().setHeader("Cache-Control", "no-store");
    ctx.res().setHeader("X-Accel-Buffering", "no"); // for proxies that would collect
  }

  /// @throws IOException when the peer is gone, or the write was cut
  void send(byte[] event) throws IOException {
    writingSince = System.nanoTime() | 1;
    try {
      out.write(event);
      out.flush();
    } finally {
      writingSince = 0;
    }
  }

  /// A line that clients skip.
  void comment(String text) throws IOException {
    send((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Whether the write at hand takes longer than this: the peer does not read.
  boolean isStuckFor(Duration limit) {
    long since = writingSince;
    return since != 0 && System.nanoTime() - since > limit.toNanos();
  }

  /// Closes the connection, whatever is being written. The client sees that the answer broke off.
  void cut() {
    connection.close();
  }
}
