package com.telconova.tracking.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Recipient;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A message that one sender has claimed.
///
/// @param claim the fence: who lost it may not say how it went
/// @param fallbackFor the channel that failed before; null when this is the one that was meant
/// @param secret whether nothing of it may be kept once it is settled
/// @param critical whether quiet hours do not count
/// @param attempts how often it was claimed, this time included
/// @param dueAt from when on it might have been sent
/// @param traceparent W3C Trace Context of what it was queued for; may be null
/// @param recipient empty while no event has told of the user
record Delivery(
    UUID id,
    UUID claim,
    UUID userId,
    Channel channel,
    Channel fallbackFor,
    String template,
    JsonNode parameters,
    boolean secret,
    boolean critical,
    int attempts,
    Instant createdAt,
    Instant dueAt,
    String traceparent,
    Optional<Recipient> recipient) {
  Delivery to(Optional<Recipient> known) {
    return new Delivery(
        id,
        claim,
        userId,
        channel,
        fallbackFor,
        template,
        parameters,
        secret,
        critical,
        attempts,
        createdAt,
        dueAt,
        traceparent,
        known);
  }

  /// The same in place of this one, on another channel.
  Delivery insteadBy(Channel other) {
    return new Delivery(
        id,
        claim,
        userId,
        other,
        channel,
        template,
        parameters,
        secret,
        critical,
        attempts,
        createdAt,
        dueAt,
        traceparent,
        recipient);
  }

  /// Says nothing of the parameters, which may be secret.
  @Override
  public String toString() {
    return "Delivery[" + id + "]";
  }
}
