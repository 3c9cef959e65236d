package com.telconova.local.workbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.util.ArrayList;
import java.util.List;

/// The last words of a process for a person: of a JSON log line its level and message, of anything
/// else the line itself.
public final class LogTail {
  private LogTail() {}

  /// @param lines of a log, oldest first
  public static List<String> readable(List<String> lines) {
    var readable = new ArrayList<String>();
    for (var line : lines) {
      if (!line.isBlank()) {
        readable.add(line.startsWith("{") ? message(line) : line);
      }
    }
    return readable;
  }

  private static String message(String line) {
    try {
      var entry = Mappers.TOLERANT.readTree(line);
      var text = entry.path("level").asText("") + " " + entry.path("formattedMessage").asText(line);
      for (var cause = entry.path("throwable"); cause.isObject(); cause = cause.path("cause")) {
        text += ": " + cause(cause);
      }
      return text.strip();
    } catch (JsonProcessingException e) {
      return line;
    }
  }

  private static String cause(JsonNode throwable) {
    var type = throwable.path("className").asText("");
    return type.substring(type.lastIndexOf('.') + 1) + " " + throwable.path("message").asText("");
  }
}
