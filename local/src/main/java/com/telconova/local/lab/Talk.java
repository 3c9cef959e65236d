package com.telconova.local.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One connection to a service that stays open, as a client's pool keeps it.
final class Talk implements AutoCloseable {
  private final Socket socket = new Socket();

  private Talk() {}

  /// Connects: for which the kernel is enough, whatever the service does.
  ///
  /// @throws IOException when nobody listens, or too many wait already
  static Talk with(URI url) throws IOException {
    var talk = new Talk();
    try {
      talk.socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 2_000);
      talk.socket.setTcpNoDelay(true);
      return talk;
    } catch (IOException e) {
      talk.close();
      throw e;
    }
  }

  /// Asks for something small, which needs no login: the answer is 401.
  void ask() throws IOException {
    var request = "GET /orders HTTP/1.1\r\nHost: lab\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /// Whether an answer begins to come in time.
  ///
  /// @throws IOException when the connection has ended
  boolean isAnswered(Duration time) throws IOException {
    socket.setSoTimeout((int) Math.max(1, time.toMillis()));
    try {
      var bytes = new byte[2_048];
      if (socket.getInputStream().read(bytes) < 0) {
        throw new IOException("the connection has ended");
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
