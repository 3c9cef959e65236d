package com.telconova.tracking.live;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.io.EndPoint;

/// An answer of type `text/event-stream` that one thread at a time writes, a whole event at a time.
/// Any other may see how long a write takes, and cut it.
final class EventStream {
  private static final byte[] OPEN = ": open\n\n".getBytes(StandardCharsets.UTF_8);

  private final HttpOutput out;
  private final EndPoint connection;
  private volatile long writingSince; // System.nanoTime(), or 0 between two writes
  private volatile long wrote = System.nanoTime();
  private boolean open; // for the thread that writes

  private EventStream(HttpOutput out, EndPoint connection) {
    this.out = out;
    this.connection = connection;
  }

  /// Writes the head of the answer, not sent before the first [#send].
  static EventStream begin(Context ctx) {
    head(ctx);
    ServletContextResponse response = ServletContextResponse.getServletContextResponse(ctx.res());
    // Not Javalin's stream, which may compress and then holds back what it has.
    return new EventStream(
        response.getHttpOutput(),
        response.getRequest().getConnectionMetaData().getConnection().getEndPoint());
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
    open();
    write(event);
  }

  /// Says that it is open, once. Until then the answer can still be another.
  void open() throws IOException {
    if (!open) {
      open = true;
      write(OPEN);
    }
  }

  boolean isOpen() {
    return open;
  }

  private void write(byte[] event) throws IOException {
    writingSince = System.nanoTime() | 1;
    try {
      // As a buffer it goes out as it is, in one piece. An array would be copied or, the smaller
      // the stream's own buffer is, be sent in the more parts, each with a call of the system.
      out.write(ByteBuffer.wrap(event));
    } finally {
      writingSince = 0;
      wrote = System.nanoTime();
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

  /// Whether nothing was written for so long.
  boolean isSilentFor(Duration time) {
    return System.nanoTime() - wrote >= time.toNanos();
  }

  /// Closes the connection, whatever is being written. The client sees that the answer broke off.
  void cut() {
    connection.close();
  }
}
