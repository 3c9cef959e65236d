package com.telconova.local.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// A message that was received too often without being handled.
///
/// @param type the event's; `(unreadable)` when it is no event
/// @param id the event's; the message's when it is no event
/// @param receives how often somebody received it, not counting whoever made this
/// @param sent when it was sent to the queue
/// @param firstLine how its body begins
record DeadLetter(String type, String id, int receives, Instant sent, String firstLine) {

  static DeadLetter of(Message message) {
    var event = json(message.body());
    var system = message.attributes();
    var receives = system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    var sent = system.get(MessageSystemAttributeName.SENT_TIMESTAMP);
    return new DeadLetter(
        event.path("type").asText("(unreadable)"),
        event.path("id").asText(message.messageId()),
        Integer.parseInt(receives) - 1,
        Instant.ofEpochMilli(Long.parseLong(sent)),
        message.body().lines().findFirst().orElse(""));
  }

  private static JsonNode json(String body) {
    try {
      return Mappers.TOLERANT.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }
}
