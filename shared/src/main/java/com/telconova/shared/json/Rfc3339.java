package com.telconova.shared.json;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// Times as they come in, in bodies and in queries: RFC 3339, any offset, the years 1 to 9999 in
/// UTC.
///
/// Narrower than ISO 8601, which also writes the year 999999999: no database keeps that. And by an
/// offset, or by reckoning from it, a time of the year 0 would be one that RFC 3339 cannot write.
public final class Rfc3339 {
  /// What such a time looks like, for the one who sent something else.
  public static final String EXPECTED = "an RFC 3339 time such as 2026-01-31T14:00:00Z";

  private static final Pattern SHAPE =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Rfc3339() {}

  /// Cut to microseconds, which is what PostgreSQL keeps: what is answered now and what is read
  /// later are the same.
  ///
  /// @throws DateTimeParseException when it is no such time
  public static Instant parse(String text) {
    if (!SHAPE.matcher(text).matches()) {
      throw new DateTimeParseException("not an RFC 3339 time", text, 0);
    }
    Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
    if (time.isBefore(FIRST) || time.isAfter(END)) {
      throw new DateTimeParseException("not of the years 1 to 9999", text, 0);
    }
    return time;
  }
}
