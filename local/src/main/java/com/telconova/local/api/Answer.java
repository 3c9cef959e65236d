package com.telconova.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What came back for one request.
///
/// @param body missing when there was none
/// @param millis from sending to the last byte
/// @param replayed whether it was given before, to a request with the same `Idempotency-Key`
public record Answer(int status, JsonNode body, long millis, boolean replayed) {

  /// A member of the body that must be there, as text.
  ///
  /// @param pointer an RFC 6901 JSON pointer
  /// @throws IllegalStateException when it is not there
  public String text(String pointer) {
    var member = body.at(pointer);
    if (member.isMissingNode() || member.isNull()) {
      throw new IllegalStateException("The answer has no " + pointer + ": " + body);
    }
    return member.asText();
  }

  /// What a problem (RFC 9457) says, on one line; the body itself if it is none.
  public String problem() {
    if (!body.has("title")) {
      return body.isMissingNode() ? "no body" : body.toString();
    }
    var faults =
        StreamSupport.stream(body.path("errors").spliterator(), false)
            .map(JsonNode::toString)
            .collect(Collectors.joining(" "));
    return (body.path("title").asText() + ": " + body.path("detail").asText() + " " + faults)
        .strip();
  }
}
