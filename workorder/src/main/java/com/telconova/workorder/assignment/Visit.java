package com.telconova.workorder.assignment;

import com.telconova.workorder.technician.Commitment;
import com.telconova.workorder.technician.Shift;
import com.telconova.workorder.technician.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// How a technician would come to do an order: after the work in hand and what waits for them, or,
/// for P1, right after the work in hand.
///
/// @param travelMinutes how long the way takes from where they are by then
/// @param arrivesAt when they could be there: within the window if it is still open, and on shift
/// @param onShift whether way and work fit into a shift
/// @param day on which it would be done
/// @param activeMinutes how much they have to do on that day already
record Visit(
    int travelMinutes, Instant arrivesAt, boolean onShift, LocalDate day, int activeMinutes) {

  static Visit plan(Inputs inputs, OrderFacts order, TechnicianFacts technician) {
    Instant now = inputs.now();
    Stop before = before(inputs, order, technician);
    int travelMinutes =
        inputs.policy().travelMinutes(before.position(), order.position(), order.zone());
    Duration travel = Duration.ofMinutes(travelMinutes);
    Instant earliest = before.free().plus(travel);
    boolean waits = order.windowStart() != null && order.windowStart().isAfter(earliest);
    Instant arrival = waits ? order.windowStart() : earliest;

    // Within a window there is a choice; otherwise they set out as soon as they can, or never.
    Instant latest =
        order.windowBinds(now) && order.windowEnd().isAfter(arrival) ? order.windowEnd() : arrival;
    Optional<Instant> start =
        start(
            technician.profile().shift(),
            arrival.minus(travel),
            travel.plusMinutes(order.estimatedMinutes()),
            latest.minus(travel));
    LocalDate today = now.atZone(inputs.zone()).toLocalDate();
    LocalDate day = Workload.dueOn(order.windowStart(), today, inputs.zone());
    return new Visit(
        travelMinutes,
        start.map(begin -> begin.plus(travel)).orElse(arrival),
        start.isPresent(),
        day,
        technician.workload().minutesOn(day, today, inputs.zone()));
  }

  /// Where they are when the work in hand is done, and what waits for them without a time of its
  /// own, the oldest order first.
  private static Stop before(Inputs inputs, OrderFacts order, TechnicianFacts technician) {
    Instant now = inputs.now();
    Stop stop = Stop.first(inputs, technician);
    for (Commitment each : technician.workload().open()) {
      boolean later = each.windowStart() != null && each.windowStart().isAfter(now);
      boolean waiting = each.startedAt() == null && !each.onHold() && !later;
      if (waiting && !Engine.urgent(order) && !each.orderId().equals(order.id())) {
        stop = stop.then(inputs.policy(), each);
      }
    }
    return stop;
  }

  private static Optional<Instant> start(
      Shift shift, Instant from, Duration length, Instant latest) {
    return shift == null ? Optional.of(from) : shift.earliest(from, length, latest);
  }
}
