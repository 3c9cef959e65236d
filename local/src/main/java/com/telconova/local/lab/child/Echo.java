package com.telconova.local.lab.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sends back what it gets, at a Unix domain socket and at a TCP port.
///
/// Argument: the socket's file.
public final class Echo {
  private Echo() {}

  public static void main(String[] arguments) throws IOException {
    var parent = new Parent();
    var file = Path.of(arguments[0]);
    try (var unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var tcp = ServerSocketChannel.open()) {
      unix.bind(UnixDomainSocketAddress.of(file));
      tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      start(unix);
      start(tcp);
      parent.say("listening", ((InetSocketAddress) tcp.getLocalAddress()).getPort());
      parent.awaitWord();
    } finally {
      Files.deleteIfExists(file);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void start(ServerSocketChannel server) {
    Thread.ofPlatform().daemon().start(() -> serve(server));
  }

  private static void serve(ServerSocketChannel server) {
    var bytes = ByteBuffer.allocateDirect(4_096);
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        if (client.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
          client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        while (client.read(bytes.clear()) >= 0) {
          bytes.flip();
          while (bytes.hasRemaining()) {
            client.write(bytes);
          }
        }
      } catch (IOException e) {
        // Whoever it was has left.
      }
    }
  }
}
