package com.telconova.tracking.notification.mail;

import com.telconova.tracking.notification.carrier.Outcome;

/// Hands mail to whoever carries it.
public interface Mailer {
  /// Sends, or says why not. A message whose fate is not known counts as not sent: it may arrive
  /// twice, with the same id.
  Outcome send(Mail mail);

  /// Holds no connection until the next [#send].
  void disconnect();
}
