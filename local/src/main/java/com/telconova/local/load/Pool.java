package com.telconova.local.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The connections to one service, or to the gateway before all, and the requests that wait for
/// one.
final class Pool {

  final Deque<Connection> idle = new ArrayDeque<>();
  final Set<Connection> open = new LinkedHashSet<>();
  final Deque<Request> waiting = new ArrayDeque<>();
  private final List<Address> addresses;
  private int turn;

  /// @param host the line `Host: …`, with its line end
  record Address(InetSocketAddress socket, byte[] host) {
    static Address of(URI uri) {
      var host = "Host: " + uri.getAuthority() + "\r\n";
      return new Address(
          new InetSocketAddress(uri.getHost(), uri.getPort()),
          host.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// @param uris of the instances, which get connections in turn
  Pool(List<URI> uris) {
    addresses = uris.stream().map(Address::of).toList();
  }

  Address nextAddress() {
    turn = (turn + 1) % addresses.size();
    return addresses.get(turn);
  }
}
