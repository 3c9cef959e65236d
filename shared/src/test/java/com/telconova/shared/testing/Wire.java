package com.telconova.shared.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A wire to a server on this machine, which can be slow, be cut, and swallow what is sent.
/// Thread-safe.
public final class Wire implements AutoCloseable {
  private static final int BACKLOG = 200;

  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile State state = State.WHOLE;
  private volatile long delayNanos;

  private enum State {
    WHOLE,
    CUT,
    SWALLOWS
  }

  /// @param target the server's port on 127.0.0.1
  public Wire(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("wire").start(this::accept);
  }

  /// Where to connect to instead.
  public int port() {
    return listener.getLocalPort();
  }

  /// From now on leads to another port; connections there are break.
  public void redirect(int port) {
    target = port;
    links.forEach(Link::close);
  }

  /// Holds everything up for so long, each way; zero: no longer.
  public void delay(Duration time) {
    delayNanos = time.toNanos();
  }

  /// Resets every connection, and each new one.
  public void cut() {
    state = State.CUT;
    links.forEach(Link::close);
  }

  /// Takes every byte and passes none on, either way, like a router that drops packets. Neither end
  /// hears of it, nor of the other's end.
  public void swallow() {
    state = State.SWALLOWS;
    links.forEach(link -> link.silent = true);
  }

  /// Works again, for new connections. Those that it swallowed from stay silent for ever, as behind
  /// a firewall that has forgotten them.
  public void mend() {
    state = State.WHOLE;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        switch (state) {
          case WHOLE -> connect(near);
          case CUT -> closeQuietly(near);
          case SWALLOWS -> new Link(near, null).open();
        }
      } catch (IOException e) {
        // closed, or the server is gone: the next connection will tell
      }
    }
  }

  private void connect(Socket near) {
    try {
      new Link(near, new Socket(InetAddress.getLoopbackAddress(), target)).open();
    } catch (IOException e) {
      closeQuietly(near); // nobody is at the other end
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // it is closed in any case
    }
    cut();
  }

  private static void closeQuietly(Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // it is closed in any case
    }
  }

  /// Two connections that are one for those at its ends. Far is null when it was made in silence.
  private final class Link {
    private final Socket near;
    private final Socket far;
    private volatile boolean silent;

    Link(Socket near, Socket far) {
      this.near = near;
      this.far = far;
      this.silent = far == null;
    }

    void open() throws IOException {
      links.add(this);
      near.setTcpNoDelay(true);
      if (far == null) {
        Thread.startVirtualThread(() -> pump(near, near));
      } else {
        far.setTcpNoDelay(true);
        Thread.startVirtualThread(() -> pump(near, far));
        Thread.startVirtualThread(() -> pump(far, near));
      }
      if (state == State.CUT || listener.isClosed()) { // meanwhile
        close();
      }
    }

    private void pump(Socket from, Socket to) {
      byte[] bytes = new byte[16 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          if (delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
          }
          if (!silent) {
            out.write(bytes, 0, count);
          }
        }
      } catch (IOException e) {
        // cut
      }
      closeQuietly(from);
      if (silent) {
        return; // the other end does not hear of it
      }
      close();
    }

    void close() {
      links.remove(this);
      closeQuietly(near);
      closeQuietly(far);
    }
  }
}
