package com.telconova.tracking.update;

import java.util.Arrays;
import java.util.Objects;

/// A report on an order.
///
/// @param comment null unless sent; always there for NOTE and WORK_COMPLETED
/// @param percent how far the work is, 0 to 100, or null
/// @param minutes worked, 0 to 1440, or null
/// @param position where it was sent from, or null
/// @param resolution how it ended: there for WORK_COMPLETED, null otherwise
record Update(
    Kind kind,
    String comment,
    Integer percent,
    Integer minutes,
    Position position,
    Resolution resolution) {
  /// What is reported.
  enum Kind {
    WORK_STARTED,
    ARRIVED,
    PROGRESS,
    NOTE,
    WORK_COMPLETED;

    /// The type of the event that tells of it.
    String eventType() {
      return switch (this) {
        case WORK_STARTED -> "tracking.work_started";
        case WORK_COMPLETED -> "tracking.work_completed";
        case ARRIVED, PROGRESS, NOTE -> "tracking.progress.updated";
      };
    }

    /// Whether an event of this type tells of a report.
    static boolean reports(String eventType) {
      return Arrays.stream(values()).anyMatch(kind -> kind.eventType().equals(eventType));
    }

    boolean needsComment() {
      return this == NOTE || this == WORK_COMPLETED;
    }

    /// Whether somebody who supervises may report it, not being there.
    boolean fromAfar() {
      return this == NOTE;
    }
  }

  /// How the problem ended.
  enum Outcome {
    RESOLVED,
    PARTIAL,
    UNABLE
  }

  /// Degrees, WGS 84.
  record Position(double latitude, double longitude) {}

  /// How the work ended.
  ///
  /// @param code such as `CABLE_REPLACED`
  /// @param comment may be null
  record Resolution(String code, Outcome outcome, String comment) {}

  Update {
    Objects.requireNonNull(kind, "kind");
    if (kind.needsComment() && comment == null) {
      throw new IllegalArgumentException(kind + " needs a comment");
    }
    if ((kind == Kind.WORK_COMPLETED) != (resolution != null)) {
      throw new IllegalArgumentException(
          "a resolution belongs to WORK_COMPLETED and to nothing else");
    }
  }
}
