package com.telconova.tracking.notification;

import com.telconova.tracking.notification.template.Message;
import java.time.Duration;
import java.time.Instant;

/// What became of a delivery.
sealed interface Result {
  /// The message is with the carrier.
  record Sent(Message message) implements Result {}

  /// It will never be sent.
  ///
  /// @param message null when it was not even written
  record Failed(Message message, String detail) implements Result {}

  /// It is not to be sent.
  record Suppressed(String detail) implements Result {}

  /// It is to be sent later, and was not tried.
  record Delayed(Instant until, String detail) implements Result {}

  /// It is to be tried again.
  ///
  /// @param pause how long to wait before
  /// @param counted whether this try counts against the limit
  record Later(Duration pause, boolean counted, String detail) implements Result {}

  /// There is nobody to take any message at the moment: as [Later], and the others should wait too.
  record Stalled(Duration pause, String detail) implements Result {}
}
