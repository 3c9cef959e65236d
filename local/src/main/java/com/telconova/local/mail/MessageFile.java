package com.telconova.local.mail;

import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where tracking writes the SMS and push messages that nobody here could receive: one JSON object
/// a line.
///
/// @param path not there before the first message
public record MessageFile(Path path) {

  /// A message, for people.
  ///
  /// @param channel `SMS` or `PUSH`
  /// @param address a phone number, or the name of an app's endpoint
  public record Message(String channel, String address, String text) {}

  /// What came so far, in order of arrival; empty when nothing did.
  public List<Message> received() {
    if (!Files.exists(path)) {
      return List.of();
    }
    var messages = new ArrayList<Message>();
    try {
      for (var line : Files.readAllLines(path)) {
        messages.add(Mappers.TOLERANT.readValue(line, Message.class));
      }
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
