package com.telconova.workorder.sla;

import java.time.Instant;

/// A point in an order's history from which on something held.
public record Moment(Instant at, Priority priority, Phase phase) {
  /// How far an order is, as its promises see it.
  public enum Phase {
    /// Nobody does it.
    OPEN,
    /// Somebody is to do it.
    ASSIGNED,
    /// Somebody is at it, or it rests for a reason of ours.
    WORKING,
    /// It rests for a reason that is not ours.
    PAUSED,
    COMPLETED,
    /// Given up: nothing is promised any more.
    CANCELLED
  }
}
