package com.telconova.local.load;

import java.nio.charset.StandardCharsets;

/// Somebody with an account who is logged in. The token is replaced by another thread than the one
/// that uses it.
final class Caller {

  final String email;
  final String password;
  final String userId;

  /// The same as a path segment.
  final byte[] userIdPath;

  /// The body of their login.
  final byte[] login;

  private volatile byte[] authorization;
  private volatile String refreshToken;
  private volatile long renewAt;

  Caller(String email, String password, String userId, byte[] login) {
    this.email = email;
    this.password = password;
    this.userId = userId;
    this.userIdPath = userId.getBytes(StandardCharsets.US_ASCII);
    this.login = login;
  }

  /// Hands them new tokens.
  ///
  /// @param lifeNanos how long the access token counts
  void receive(String accessToken, String refreshToken, long lifeNanos) {
    this.refreshToken = refreshToken;
    renewAt = System.nanoTime() + lifeNanos / 2;
    authorization =
        ("Authorization: Bearer " + accessToken + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /// The header line, with its end.
  byte[] authorization() {
    return authorization;
  }

  String token() {
    return new String(authorization, StandardCharsets.US_ASCII)
        .substring("Authorization: Bearer ".length())
        .strip();
  }

  String refreshToken() {
    return refreshToken;
  }

  /// Whether half of the token's life is over.
  boolean isDue() {
    return System.nanoTime() - renewAt > 0;
  }
}
