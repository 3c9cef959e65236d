package com.telconova.auth.factor;

import java.util.List;

/// What somebody has shown to be themselves.
public enum Proof {
  /// The password.
  PASSWORD("pwd"),
  /// The password, and a code of their device.
  CODE("pwd", "otp", "mfa"),
  /// The password, and a code from their paper.
  RECOVERY_CODE("pwd", "otp", "mfa");

  private final List<String> methods;

  Proof(String... methods) {
    this.methods = List.of(methods);
  }

  /// In the words of RFC 8176.
  public List<String> methods() {
    return methods;
  }
}
