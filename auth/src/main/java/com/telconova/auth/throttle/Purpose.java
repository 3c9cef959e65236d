package com.telconova.auth.throttle;

/// What is tried, each counted for itself.
public enum Purpose {
  /// A password, and a code after it, to open a session.
  LOGIN,
  /// Whether an address has an account, by registering it.
  REGISTER,
  /// Mails for new passwords.
  FORGOT,
  /// The password or a code once more, of somebody who is logged in.
  CONFIRM
}
