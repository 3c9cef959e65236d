package com.telconova.local.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// One connection and the request that it is about, if any.
final class Connection {

  final Pool pool;
  final byte[] host;
  final AnswerParser parser = new AnswerParser();
  final SocketChannel channel;
  final SelectionKey key;
  Request request;
  boolean connected;
  private ByteBuffer unsent;

  /// Begins to connect.
  Connection(Pool pool, Pool.Address address, Selector selector) throws IOException {
    this.pool = pool;
    this.host = address.host();
    channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connected = channel.connect(address.socket());
      key =
          channel.register(
              selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Sends what is in `out`; what does not go at once is kept and goes when there is room.
  void send(ByteBuffer out) throws IOException {
    channel.write(out);
    if (out.hasRemaining()) {
      unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /// There is room again.
  void sendMore() throws IOException {
    if (unsent != null) {
      channel.write(unsent);
      if (unsent.hasRemaining()) {
        return;
      }
      unsent = null;
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone, whatever it says.
    }
  }
}
