package com.telconova.workorder.assignment;

import com.telconova.workorder.place.Position;
import com.telconova.workorder.technician.Commitment;
import java.time.Duration;
import java.time.Instant;

/// Where a technician is when they are free to go on.
///
/// @param position null: unknown
record Stop(Instant free, Position position) {
  /// After the work in hand, or as things are now.
  static Stop first(Inputs inputs, TechnicianFacts technician) {
    Stop stop = new Stop(inputs.now(), technician.profile().position());
    for (Commitment each : technician.workload().open()) {
      if (each.startedAt() != null) {
        Instant done = each.startedAt().plus(Duration.ofMinutes(each.estimatedMinutes()));
        stop =
            new Stop(
                done.isAfter(stop.free) ? done : stop.free,
                each.position() == null ? stop.position : each.position());
      }
    }
    return stop;
  }

  /// When they could be somewhere else.
  Instant arrival(Policy policy, Position to, String zone) {
    return free.plus(Duration.ofMinutes(policy.travelMinutes(position, to, zone)));
  }

  /// After this as well.
  Stop then(Policy policy, Commitment work) {
    return new Stop(
        arrival(policy, work.position(), work.zone())
            .plus(Duration.ofMinutes(work.estimatedMinutes())),
        work.position());
  }
}
