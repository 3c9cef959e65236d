package com.telconova.local.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A port of 127.0.0.1 where nobody listens, nor can: it is held, so that connections are refused
/// for as long as this is open.
final class Refusing implements AutoCloseable {

  private final Socket holder = new Socket();

  Refusing() throws IOException {
    holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  int port() {
    return holder.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    holder.close();
  }
}
