package com.telconova.local.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Answers each piece of a request with the same answer, at once, on one thread: the fastest system
/// that there could be, against which the sender finds its own limit.
final class Responder implements AutoCloseable {

  private static final int BODY_BYTES = 600; // about an order's

  private final Selector selector;
  private final ServerSocketChannel server;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final ByteBuffer answer;
  private final Thread thread;

  private Responder() throws IOException {
    var head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(BODY_BYTES);
    var bytes = (head + " ".repeat(BODY_BYTES)).getBytes(StandardCharsets.US_ASCII);
    answer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    selector = Selector.open();
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    thread = Thread.ofPlatform().daemon().name("load-responder").start(this::run);
  }

  static Responder start() {
    try {
      return new Responder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.socket().getLocalPort());
  }

  private void run() {
    try {
      while (server.isOpen()) {
        selector.select(this::attend);
      }
    } catch (IOException | java.nio.channels.ClosedSelectorException closed) {
      // It is over.
    }
  }

  private void attend(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        var channel = server.accept();
        if (channel != null) {
          channel.configureBlocking(false);
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.register(selector, SelectionKey.OP_READ);
        }
        return;
      }
      var channel = (SocketChannel) key.channel();
      in.clear();
      if (channel.read(in) < 0) {
        channel.close();
      } else {
        // A client that waits for each answer has room for it.
        channel.write(answer.rewind());
      }
    } catch (IOException gone) {
      key.cancel();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      selector.wakeup();
      thread.join(1_000);
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
