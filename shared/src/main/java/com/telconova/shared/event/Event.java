package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.util.UUID;

/// Something that happened, as CloudEvents 1.0 in JSON format.
///
/// @param id fixed when the event was written, UUIDv7; whoever sees it twice has seen one event
/// @param source who says so, such as `urn:microflow:workorder`
/// @param type what, such as `order.created`
/// @param subject the order, user or session it is about
/// @param time when it happened, UTC, microseconds
/// @param sequence counts the events of this subject at this source, from 1
/// @param traceparent W3C Trace Context of the cause; may be null
/// @param data what else is known, by type: docs/asyncapi.yaml
public record Event(
    UUID id,
    String source,
    String type,
    UUID subject,
    Instant time,
    long sequence,
    String traceparent,
    JsonNode data) {

  /// Reads `data` as a record of the fields the reader needs; unknown fields are skipped.
  ///
  /// @throws IllegalArgumentException when it does not fit
  public <T> T data(Class<T> type) {
    return Mappers.TOLERANT.convertValue(data, type);
  }

  /// The same, of another cause.
  Event causedBy(String otherTraceparent) {
    return new Event(id, source, type, subject, time, sequence, otherTraceparent, data);
  }

  /// Writes the envelope.
  public String toJson() {
    ObjectNode json = Mappers.TOLERANT.createObjectNode();
    json.put("specversion", "1.0");
    json.put("id", id.toString());
    json.put("source", source);
    json.put("type", type);
    json.put("subject", subject.toString());
    json.put("time", time.toString());
    json.put("datacontenttype", "application/json");
    json.put("dataschema", "urn:microflow:schema:" + type + ":1");
    json.put("sequence", Long.toString(sequence));
    json.put("sequencetype", "Integer");
    if (traceparent != null) {
      json.put("traceparent", traceparent);
    }
    json.set("data", data);
    return json.toString();
  }

  /// Reads an envelope; unknown attributes are skipped.
  ///
  /// @throws IllegalArgumentException when it is not JSON or a required attribute is missing
  public static Event fromJson(String text) {
    try {
      JsonNode json = Mappers.TOLERANT.readTree(text);
      return new Event(
          UUID.fromString(required(json, "id")),
          required(json, "source"),
          required(json, "type"),
          UUID.fromString(required(json, "subject")),
          Instant.parse(required(json, "time")),
          Long.parseLong(required(json, "sequence")),
          json.path("traceparent").textValue(),
          json.path("data"));
    } catch (JsonProcessingException | java.time.DateTimeException e) {
      throw new IllegalArgumentException("not a CloudEvent: " + e.getMessage(), e);
    }
  }

  private static String required(JsonNode json, String attribute) {
    String value = json.path(attribute).asText("");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("not a CloudEvent: no " + attribute);
    }
    return value;
  }
}
