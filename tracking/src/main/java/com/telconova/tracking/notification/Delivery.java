package com.telconova.tracking.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.tracking.recipient.Recipient;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A message that one sender has claimed.
///
/// @param claim the fence: who lost it may not say how it went
/// @param attempts how often it was claimed, this time included
/// @param recipient empty while no event has told of the user
record Delivery(
    UUID id,
    UUID claim,
    UUID userId,
    Notification.Channel channel,
    String template,
    JsonNode parameters,
    int attempts,
    Instant createdAt,
    Optional<Recipient> recipient) {
  Delivery to(Optional<Recipient> known) {
    return new Delivery(
        id, claim, userId, channel, template, parameters, attempts, createdAt, known);
  }
}
