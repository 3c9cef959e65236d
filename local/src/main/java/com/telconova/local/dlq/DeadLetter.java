package com.telconova.local.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// A message that was received too often without being handled. Its texts are for a terminal: what
/// would move its cursor or change its colours is replaced.
///
/// @param type the event's; `(unreadable)` when it is no event
/// @param id the event's; the message's when it is no event
/// @param messageId the message's
/// @param receives how often somebody received it, not counting whoever made this; looks at the
///   dead letters before it are counted by SQS and cannot be told apart
/// @param sent when it was sent to the queue
/// @param attributes what it carries beside its body, and what SQS knows of it, by name
/// @param body JSON in lines, or as it is
record DeadLetter(
    String type,
    String id,
    String messageId,
    int receives,
    Instant sent,
    Map<String, String> attributes,
    String body) {

  static DeadLetter of(Message message) {
    var event = json(message.body());
    var system = message.attributes();
    var receives = system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    var sent = system.get(MessageSystemAttributeName.SENT_TIMESTAMP);
    var attributes = new TreeMap<String, String>();
    system.forEach((name, value) -> attributes.put(name.toString(), printable(value)));
    message
        .messageAttributes()
        .forEach((name, value) ->
            attributes.put(
                printable(name),
                value.stringValue() == null ? "(bytes)" : printable(value.stringValue())));
    return new DeadLetter(
        printable(event.path("type").asText("(unreadable)")),
        printable(idOf(message, event)),
        message.messageId(),
        Integer.parseInt(receives) - 1,
        Instant.ofEpochMilli(Long.parseLong(sent)),
        attributes,
        event.isObject()
            ? printable(event.toPrettyString())
            : message.body().lines().map(DeadLetter::printable).collect(Collectors.joining("\n")));
  }

  /// Whether this is the event's id or the message's.
  static boolean isNamed(Message message, String id) {
    return message.messageId().equalsIgnoreCase(id)
        || idOf(message, json(message.body())).equalsIgnoreCase(id);
  }

  /// Its body on one line.
  String line() {
    return body.lines().map(String::strip).collect(Collectors.joining(" "));
  }

  private static String idOf(Message message, JsonNode event) {
    return event.path("id").asText(message.messageId());
  }

  private static String printable(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\n]]", "\ufffd");
  }

  private static JsonNode json(String body) {
    try {
      return Mappers.TOLERANT.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }
}
