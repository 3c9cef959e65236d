package com.telconova.local.lab;

import java.util.LinkedHashMap;
import java.util.Map;

/// Something to be said in whichever language: a key of the texts, and what to fill in.
///
/// @param values by the name that stands in braces in the text: texts, [Quantity]s or other
///   messages
record Message(String key, Map<String, Object> values) {
  Message {
    values = Map.copyOf(values);
  }

  /// @param values name, value, name, value
  static Message of(String key, Object... values) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < values.length; i += 2) {
      map.put((String) values[i], values[i + 1]);
    }
    return new Message(key, map);
  }
}
