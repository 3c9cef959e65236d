package com.telconova.shared.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A wire to a server on this machine that can be cut and can swallow what is sent.
final class Wire implements AutoCloseable {
  private final int target;
  private final ServerSocket listener;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile State state = State.WHOLE;

  private enum State {
    WHOLE,
    CUT,
    SWALLOWS
  }

  /// @param target the server's port on 127.0.0.1
  Wire(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("wire").start(this::accept);
  }

  /// Where to connect to instead.
  int port() {
    return listener.getLocalPort();
  }

  /// Resets every connection, and each new one.
  void cut() {
    state = State.CUT;
    sockets.forEach(Wire::closeQuietly);
    sockets.clear();
  }

  /// Takes every byte and passes none on, either way, like a router that drops packets.
  void swallow() {
    state = State.SWALLOWS;
  }

  /// Works again, for new connections.
  void mend() {
    sockets.forEach(Wire::closeQuietly);
    sockets.clear();
    state = State.WHOLE;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (state == State.CUT) {
          closeQuietly(near);
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        Thread.startVirtualThread(() -> pump(near, far));
        Thread.startVirtualThread(() -> pump(far, near));
      } catch (IOException e) {
        // closed, or the server is gone: the next connection will tell
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] bytes = new byte[16 * 1024];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        if (state != State.SWALLOWS) {
          out.write(bytes, 0, count);
          out.flush();
        }
      }
    } catch (IOException e) {
      // cut
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed in any case
    }
  }

  @Override
  public void close() {
    closeQuietly(listener);
    cut();
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed in any case
    }
  }
}
