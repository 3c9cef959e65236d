package com.telconova.tracking.notification.carrier;

/// How it went. A message whose fate is not known counts as not sent.
public sealed interface Outcome {
  /// The carrier has taken it.
  record Sent() implements Outcome {}

  /// The carrier will never take it.
  record Refused(String detail) implements Outcome {}

  /// The carrier did not take it this time.
  record Deferred(String detail) implements Outcome {}

  /// There was no carrier to ask; nothing is wrong with this message in particular.
  ///
  /// @param detail for operators: may name hosts and ports
  record Unreachable(String detail) implements Outcome {}
}
