package com.telconova.workorder.order;

import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Promise;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.sla.SlaState;
import com.telconova.workorder.sla.Target;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The promises of an order as they stood at some moment, as callers see them.
///
/// @param at the moment
/// @param targets all of them, in their order
record SlaReport(UUID orderId, Instant at, SlaState state, List<OneTarget> targets) {
  /// One target.
  ///
  /// @param warnAt,dueAt absent while its clock stands still
  /// @param stoppedAt when its clock stopped for good; absent while it runs
  /// @param met whether what was promised happened in time; absent while that is open, and when the
  ///   order was given up before
  /// @param elapsedSeconds of counting time, by the clock that held while it passed
  /// @param allowedSeconds by the clock of the priority at that moment
  record OneTarget(
      Target target,
      SlaState state,
      Instant warnAt,
      Instant dueAt,
      Instant stoppedAt,
      Boolean met,
      long elapsedSeconds,
      long allowedSeconds) {}

  /// @param known the history up to the moment, oldest first; at least the first entry
  static SlaReport of(SlaPolicy policy, UUID orderId, List<HistoryEntry> known, Instant at) {
    List<Moment> moments = known.stream().map(HistoryEntry::moment).toList();
    return new SlaReport(
        orderId,
        at,
        policy.of(moments).state(at),
        policy.promises(moments).stream()
            .map(promise -> target(policy, moments, promise, at))
            .toList());
  }

  private static OneTarget target(
      SlaPolicy policy, List<Moment> moments, Promise promise, Instant at) {
    SlaState state = promise.state(at);
    return new OneTarget(
        promise.target(),
        state,
        promise.warnAt(),
        promise.dueAt(),
        promise.stoppedAt(),
        state == SlaState.BREACHED ? Boolean.FALSE : promise.met() ? Boolean.TRUE : null,
        policy.elapsed(promise.target(), moments, at).toSeconds(),
        policy.allowed(promise.target(), moments).toSeconds());
  }
}
