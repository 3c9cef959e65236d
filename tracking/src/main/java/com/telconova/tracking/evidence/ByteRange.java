package com.telconova.tracking.evidence;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which bytes of a file a request wants (RFC 9110 §14).
sealed interface ByteRange {
  /// All of them: also where a range is malformed, of another unit or one of several, which a
  /// server may leave unheeded.
  record Whole() implements ByteRange {}

  /// A part, at least one byte.
  ///
  /// @param last included, within the file
  record Part(long first, long last) implements ByteRange {
    long length() {
      return last - first + 1;
    }
  }

  /// None that the file has: 416.
  record Nowhere() implements ByteRange {}

  Pattern FORM = Pattern.compile("(?i)bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  /// @param header the value of `Range`, or null
  /// @param size of the file, from 1
  static ByteRange of(String header, long size) {
    Matcher form = FORM.matcher(header == null ? "" : header);
    if (!form.matches() || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
      return new Whole();
    }
    if (form.group(1).isEmpty()) {
      long suffix = Long.parseLong(form.group(2));
      return suffix == 0 ? new Nowhere() : new Part(Math.max(0, size - suffix), size - 1);
    }
    long first = Long.parseLong(form.group(1));
    long last = form.group(2).isEmpty() ? size - 1 : Long.parseLong(form.group(2));
    if (last < first && !form.group(2).isEmpty()) {
      return new Whole();
    }
    return first >= size ? new Nowhere() : new Part(first, Math.min(last, size - 1));
  }
}
