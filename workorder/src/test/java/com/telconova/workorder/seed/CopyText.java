package com.telconova.workorder.seed;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Rows in the text format of PostgreSQL's COPY. What is made up here needs no escapes: a text with
/// a tab, a line's end or a backslash is refused.
final class CopyText {
  private final StringBuilder text = new StringBuilder();
  private boolean begun;

  CopyText add(Object value) {
    if (begun) {
      text.append('\t');
    }
    begun = true;
    switch (value) {
      case null -> text.append("\\N");
      case String string -> append(string);
      case Instant instant -> text.append(instant);
      default -> text.append(value);
    }
    return this;
  }

  void endRow() {
    text.append('\n');
    begun = false;
  }

  byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void append(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '\t' || c == '\n' || c == '\r' || c == '\\') {
        throw new IllegalArgumentException("would need an escape: " + string);
      }
    }
    text.append(string);
  }
}
