package com.telconova.workorder.sla;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A point in the life of a promise that others are told of.
///
/// @param at when it comes
/// @param dueAt when the whole time of the target is over
public record Crossing(Target target, Level level, Instant at, Instant dueAt) {
  /// How bad it is.
  public enum Level {
    /// Three quarters of the time are over.
    WARNING,
    /// All of it is.
    BREACHED
  }

  /// The points of these promises, past and to come. A target that was met is not warned of any
  /// more, nor is one whose clock stands still, for nobody knows when it will be due; one that was
  /// missed is told of even when it was met since.
  public static List<Crossing> of(List<Promise> promises) {
    List<Crossing> crossings = new ArrayList<>();
    for (Promise promise : promises) {
      if (promise.open() && promise.dueAt() != null) {
        crossings.add(
            new Crossing(promise.target(), Level.WARNING, promise.warnAt(), promise.dueAt()));
      }
      if (promise.missedAt() != null) {
        crossings.add(
            new Crossing(promise.target(), Level.BREACHED, promise.dueAt(), promise.dueAt()));
      }
    }
    return crossings;
  }
}
