package com.telconova.tracking.notification;

import com.telconova.tracking.recipient.Channel;
import java.time.Instant;
import java.util.UUID;

/// What somebody was told, or is to be told, as the API shows it. The text stays out: a message may
/// carry a secret.
///
/// @param orderId what it is about; may be null
/// @param template which message, named after the event where it tells of one
/// @param fallbackFor the channel that failed, in whose place this one was tried; null unless it
///   was
/// @param detail why it was not sent; null when all is well
/// @param subject null until it is written
/// @param sentAt null unless sent
/// @param readAt when the person said that they had read it, first; null until then
record Notification(
    UUID id,
    UUID orderId,
    String template,
    Channel channel,
    Channel fallbackFor,
    Status status,
    String detail,
    String subject,
    Instant createdAt,
    Instant sentAt,
    Instant readAt) {
  /// How far it got.
  enum Status {
    PENDING,
    SENT,
    FAILED,
    SUPPRESSED
  }
}
