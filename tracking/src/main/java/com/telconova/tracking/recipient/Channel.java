package com.telconova.tracking.recipient;

/// A way to reach somebody.
public enum Channel {
  /// By SMTP, with all there is to say.
  EMAIL,
  /// A short text to a phone; for what cannot wait.
  SMS,
  /// A short text to an app.
  PUSH
}
