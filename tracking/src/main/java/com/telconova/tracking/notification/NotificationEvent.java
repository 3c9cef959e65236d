package com.telconova.tracking.notification;

import com.telconova.tracking.recipient.Channel;
import java.util.UUID;

/// The data of the events `notification.sent` and `notification.failed`.
///
/// @param address where it went; absent when it was never known
/// @param detail why it failed; absent when it was sent
record NotificationEvent(
    UUID notificationId,
    UUID userId,
    Channel channel,
    String template,
    String address,
    String detail) {
  static final String SENT = "notification.sent";
  static final String FAILED = "notification.failed";

  static NotificationEvent of(Delivery delivery, String detail) {
    return new NotificationEvent(
        delivery.id(),
        delivery.userId(),
        delivery.channel(),
        delivery.template(),
        delivery
            .recipient()
            .flatMap(recipient -> recipient.address(delivery.channel()))
            .orElse(null),
        detail);
  }
}
