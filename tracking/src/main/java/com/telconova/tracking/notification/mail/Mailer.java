package com.telconova.tracking.notification.mail;

/// Hands mail to whoever carries it.
public interface Mailer {
  /// Sends, or says why not. A message whose fate is not known counts as not sent: it may arrive
  /// twice, with the same id.
  Outcome send(Mail mail);

  /// Holds no connection until the next [#send].
  void disconnect();

  /// How it went.
  sealed interface Outcome {}

  /// The server has taken it.
  record Sent() implements Outcome {}

  /// The server will never take it.
  record Refused(String detail) implements Outcome {}

  /// The server did not take it this time.
  record Deferred(String detail) implements Outcome {}

  /// There was no server to ask; nothing is wrong with this message in particular.
  ///
  /// @param detail for operators: may name hosts and ports
  record Unreachable(String detail) implements Outcome {}
}
