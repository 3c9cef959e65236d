package com.telconova.shared.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/// A position in a trace, as in W3C Trace Context.
///
/// @param traceId 32 lower-case hex digits, not all zero
/// @param spanId 16 lower-case hex digits, not all zero
/// @param flags two hex digits; `01` means sampled
public record Trace(String traceId, String spanId, String flags) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");
  private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();

  /// A new trace, sampled.
  public static Trace begin() {
    return new Trace(randomHex() + randomHex(), randomHex(), "01");
  }

  /// Goes on from a `traceparent` that came in; a new trace when there is none or it is malformed.
  public static Trace from(String traceparent) {
    var match = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    return match.matches() ? new Trace(match.group(1), randomHex(), match.group(3)) : begin();
  }

  /// The trace of the work this thread does, if it does any.
  public static Optional<Trace> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /// Makes this the current trace of the thread, in its logs too, until the scope is closed.
  public Scope enter() {
    Trace before = CURRENT.get();
    CURRENT.set(this);
    MDC.put("traceId", traceId);
    return () -> {
      if (before == null) {
        CURRENT.remove();
        MDC.remove("traceId");
      } else {
        CURRENT.set(before);
        MDC.put("traceId", before.traceId);
      }
    };
  }

  /// The header's value.
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  /// Ends what [Trace#enter] began.
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  private static String randomHex() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }
}
