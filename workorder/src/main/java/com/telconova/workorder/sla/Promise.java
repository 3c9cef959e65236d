package com.telconova.workorder.sla;

import java.time.Instant;

/// What became of one target of one order.
///
/// @param warnAt when three quarters of its time are over; null while the clock stands still
/// @param dueAt when all of it is; null while the clock stands still
/// @param stoppedAt when its clock stopped for good; null while it runs
/// @param met whether it stopped because what was promised happened
public record Promise(
    Target target, Instant warnAt, Instant dueAt, Instant stoppedAt, boolean met) {

  /// How it stands, if nothing more happens.
  public SlaState state(Instant now) {
    Instant missedAt = missedAt();
    if (missedAt != null && !missedAt.isAfter(now)) {
      return SlaState.BREACHED;
    } else if (!open()) {
      return SlaState.MET;
    } else if (dueAt == null) {
      return SlaState.PAUSED;
    }
    return warnAt.isAfter(now) ? SlaState.OK : SlaState.WARNING;
  }

  boolean open() {
    return stoppedAt == null;
  }

  /// When it was missed or, as things are, will be; null when it was kept or the clock stands.
  Instant missedAt() {
    return dueAt != null && (open() || stoppedAt.isAfter(dueAt)) ? dueAt : null;
  }
}
