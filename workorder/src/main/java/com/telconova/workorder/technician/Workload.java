package com.telconova.workorder.technician;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// How much a technician has to do.
///
/// @param open their open orders, by id
/// @param completedMinutes what they completed today was estimated at
public record Workload(List<Commitment> open, int completedMinutes) {
  public static final Workload NONE = new Workload(List.of(), 0);

  public Workload {
    open = List.copyOf(open);
  }

  /// How much of `day` is taken: what is due on it, and for today what is done already. An order is
  /// due on the day its window opens, or today; what rests takes nothing.
  ///
  /// @param zone where days are read off the clock
  public int minutesOn(LocalDate day, LocalDate today, ZoneId zone) {
    int planned =
        open.stream()
            .filter(order -> !order.onHold() && dueOn(order.windowStart(), today, zone).equals(day))
            .mapToInt(Commitment::estimatedMinutes)
            .sum();
    return day.equals(today) ? planned + completedMinutes : planned;
  }

  /// The order that they are at.
  Optional<UUID> workingOn() {
    return open.stream()
        .filter(order -> order.startedAt() != null)
        .map(Commitment::orderId)
        .findFirst();
  }

  /// The day on which an order with this window is to be done.
  ///
  /// @param windowStart may be null
  public static LocalDate dueOn(Instant windowStart, LocalDate today, ZoneId zone) {
    if (windowStart == null) {
      return today;
    }
    LocalDate day = windowStart.atZone(zone).toLocalDate();
    return day.isAfter(today) ? day : today;
  }
}
