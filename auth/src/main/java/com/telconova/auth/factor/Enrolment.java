package com.telconova.auth.factor;

import java.time.Instant;

/// What a device needs to make codes. Shown to its owner once.
///
/// @param secret base32 (RFC 4648), for people who type it
/// @param otpauthUri for a QR code
/// @param expiresAt until when it can be confirmed by a first code
public record Enrolment(String secret, String otpauthUri, Instant expiresAt) {
  @Override
  public String toString() {
    return "Enrolment[***]";
  }
}
