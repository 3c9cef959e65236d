package com.telconova.local.report.figures;

import java.time.Instant;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;

/// What an event has, by field. Recordings of other versions lack fields, or have others under the
/// same name: what cannot be read so is not known.
final class Fields {
  static final long UNKNOWN = -1;

  private Fields() {}

  /// Empty when there is none.
  static String text(RecordedEvent event, String field) {
    return event.hasField(field) && event.getValue(field) instanceof String text ? text : "";
  }

  /// [#UNKNOWN] when there is none.
  static long number(RecordedEvent event, String field) {
    return event.hasField(field) && event.getValue(field) instanceof Number number
        ? number.longValue()
        : UNKNOWN;
  }

  /// NaN when there is none.
  static double real(RecordedEvent event, String field) {
    return event.hasField(field) && event.getValue(field) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  static boolean flag(RecordedEvent event, String field) {
    return event.hasField(field) && Boolean.TRUE.equals(event.getValue(field));
  }

  /// A span of time in nanoseconds, whatever unit it was written in; [#UNKNOWN] when there is none.
  static long nanos(RecordedEvent event, String field) {
    if (!event.hasField(field)) {
      return UNKNOWN;
    }
    try {
      return event.getDuration(field).toNanos();
    } catch (ArithmeticException | IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /// The name of a class; empty when there is none.
  static String type(RecordedEvent event, String field) {
    return event.hasField(field) && event.getValue(field) instanceof RecordedClass type
        ? type.getName()
        : "";
  }

  /// The number Java gives a thread, virtual ones included; [#UNKNOWN] when there is none.
  static long thread(RecordedEvent event, String field) {
    return event.hasField(field) && event.getValue(field) instanceof RecordedThread thread
        ? thread.getJavaThreadId()
        : UNKNOWN;
  }

  static long start(RecordedEvent event) {
    return nanos(event.getStartTime());
  }

  static long end(RecordedEvent event) {
    return nanos(event.getEndTime());
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
