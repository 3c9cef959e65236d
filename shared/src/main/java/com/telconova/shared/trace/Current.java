package com.telconova.shared.trace;

import java.util.Optional;
import org.slf4j.MDC;

/// What each thread does at the moment, and the ids of it in its log lines.
final class Current {
  /// Of what was entered already.
  static final Span.Scope SAME = () -> {};

  private static final String TRACE_ID = "traceId";
  private static final String SPAN_ID = "spanId";
  private static final ThreadLocal<Span> SPAN = new ThreadLocal<>();

  private Current() {}

  static Optional<Span> span() {
    return Optional.ofNullable(SPAN.get());
  }

  static Span.Scope enter(Span span) {
    Span before = SPAN.get();
    if (before == span) {
      return SAME;
    }
    SPAN.set(span);
    log(span.trace());
    return () -> {
      if (before == null) {
        SPAN.remove();
        MDC.remove(TRACE_ID);
        MDC.remove(SPAN_ID);
      } else {
        SPAN.set(before);
        log(before.trace());
      }
    };
  }

  private static void log(Trace trace) {
    MDC.put(TRACE_ID, trace.traceId());
    MDC.put(SPAN_ID, trace.spanId());
  }
}
