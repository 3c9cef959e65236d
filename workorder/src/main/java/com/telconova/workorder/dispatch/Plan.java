package com.telconova.workorder.dispatch;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Who does which order.
///
/// @param method how it was found
/// @param assigned in the order in which they are to be given
/// @param unassigned those whom nobody can do, the most urgent first
public record Plan(Method method, Cost cost, List<Assigned> assigned, List<Unassigned> unassigned) {
  /// How a plan was found.
  public enum Method {
    /// There is none better.
    OPTIMAL,
    /// Too many orders to know: each technician's next one at minimal cost, then each one's next
    /// but one, and so on.
    OPTIMAL_ROUNDS,
    /// The same, but one order after the other, the most urgent first, came out no worse.
    GREEDY,
    /// One order after the other, because even those rounds would take too long.
    GREEDY_TOO_LARGE
  }

  /// An order and who does it.
  ///
  /// @param lateMinutes how much later than promised they arrive
  public record Assigned(UUID orderId, UUID technicianId, int score, int lateMinutes) {}

  /// An order that nobody can do.
  ///
  /// @param rules how many technicians each rule excludes
  public record Unassigned(UUID orderId, Map<String, Integer> rules) {}

  /// What a plan costs; compared field by field, less is better.
  ///
  /// @param unassignedWeight of the orders that nobody does, by priority: P1 64, P2 16, P3 4, P4 1
  /// @param lateMinutes of all; more than a week counts as a week
  /// @param lostScore how much all scores together fall short of the best there are
  public record Cost(long unassignedWeight, long lateMinutes, long lostScore)
      implements Comparable<Cost> {
    private static final Comparator<Cost> ORDER =
        Comparator.comparingLong(Cost::unassignedWeight)
            .thenComparingLong(Cost::lateMinutes)
            .thenComparingLong(Cost::lostScore);

    @Override
    public int compareTo(Cost other) {
      return ORDER.compare(this, other);
    }
  }

  public Plan {
    assigned = List.copyOf(assigned);
    unassigned = List.copyOf(unassigned);
  }
}
