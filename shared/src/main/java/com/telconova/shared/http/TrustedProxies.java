package com.telconova.shared.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Whose `X-Forwarded-For` is believed. Thread-safe.
final class TrustedProxies {
  private final List<Network> networks;

  /// The addresses that begin with the same `prefix` bits.
  private record Network(byte[] address, int prefix) {
    static Network of(String text) {
      String[] parts = text.split("/", 2);
      byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
      int bits = address.length * Byte.SIZE;
      int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException("a prefix has 0 to " + bits + " bits");
      }
      return new Network(address, prefix);
    }

    boolean contains(byte[] other) {
      int whole = prefix / Byte.SIZE;
      int rest = prefix % Byte.SIZE;
      return other.length == address.length
          && Arrays.equals(address, 0, whole, other, 0, whole)
          && (rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0);
    }
  }

  /// @param texts addresses (`10.0.0.1`, `2001:db8::1`) and networks (`10.0.0.0/8`)
  /// @throws IllegalArgumentException when one is neither
  TrustedProxies(Collection<String> texts) {
    this.networks = texts.stream().map(Network::of).toList();
  }

  /// Whether this is one of them; no text that is no address is.
  boolean contains(String address) {
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return networks.stream().anyMatch(network -> network.contains(bytes));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
