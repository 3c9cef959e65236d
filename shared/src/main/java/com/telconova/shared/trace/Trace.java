package com.telconova.shared.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// A position in a trace, as in W3C Trace Context; and, as a [Span], work that nobody records.
///
/// @param traceId 32 lower-case hex digits, not all zero
/// @param spanId 16 lower-case hex digits, not all zero
/// @param flags two hex digits; an odd number means that it is recorded somewhere
public record Trace(String traceId, String spanId, String flags) implements Unrecorded {
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");
  private static final String UNRECORDED = "00";

  /// A new trace, which nobody records.
  public static Trace begin() {
    return new Trace(randomHex() + randomHex(), randomHex(), UNRECORDED);
  }

  /// Goes on from a `traceparent` that came in; a new trace when there is none or it is malformed.
  public static Trace from(String traceparent) {
    return parse(traceparent).map(Trace::next).orElseGet(Trace::begin);
  }

  /// The position that a `traceparent` tells of; empty when there is none or it is malformed.
  public static Optional<Trace> parse(String traceparent) {
    if (traceparent == null) {
      return Optional.empty();
    }
    var match = TRACEPARENT.matcher(traceparent);
    return match.matches()
        ? Optional.of(new Trace(match.group(1), match.group(2), match.group(3)))
        : Optional.empty();
  }

  /// The position of the work this thread does, if it does any.
  public static Optional<Trace> current() {
    return Current.span().map(Span::trace);
  }

  /// Whether somebody records this trace, as far as its flags tell.
  public boolean isSampled() {
    return (Character.digit(flags.charAt(1), 16) & 1) == 1;
  }

  /// The header's value.
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  @Override
  public Trace trace() {
    return this;
  }

  private Trace next() {
    return new Trace(traceId, randomHex(), flags);
  }

  private static String randomHex() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }
}
