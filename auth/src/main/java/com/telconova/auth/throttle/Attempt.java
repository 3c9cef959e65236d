package com.telconova.auth.throttle;

/// A place among the failures that are allowed, taken before it is known whether this is one.
///
/// @param pair who is tried, from where
/// @param address from where
public record Attempt(byte[] pair, byte[] address) {
  @Override
  public String toString() {
    return "Attempt";
  }
}
