package com.telconova.tracking.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.tracking.timeline.Entry;
import com.telconova.tracking.timeline.EntryJson;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// An entry on its way to those who follow, written once for all of them.
///
/// @param place in the feed it was read for
/// @param frame as an event of the stream: UTF-8, with the blank line that ends it
record LiveEntry(UUID orderId, Place place, byte[] frame) {
  static LiveEntry of(Entry entry, Place place) {
    return new LiveEntry(entry.what().orderId(), place, frame(entry));
  }

  /// `id`, `event` and `data` (WHATWG HTML, 9.2.5). The data of an entry is kept to the letter and
  /// may have line breaks: each line of it is a line of the event.
  private static byte[] frame(Entry entry) {
    try {
      String json = Mappers.TOLERANT.writeValueAsString(EntryJson.of(entry));
      StringBuilder frame = new StringBuilder(json.length() + 100);
      frame.append("id: ").append(entry.what().id()).append('\n');
      frame.append("event: ").append(entry.what().type()).append('\n');
      json.lines().forEach(line -> frame.append("data: ").append(line).append('\n'));
      return frame.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An entry could not be written as JSON", e);
    }
  }
}
