package com.telconova.workorder.report;

import java.time.Instant;
import java.util.List;

/// How the orders that were opened in a period fared.
///
/// @param from inclusive
/// @param to exclusive
/// @param groupBy what they are told apart by; absent when they are not
public record Stats(Instant from, Instant to, GroupBy groupBy, List<Group> groups) {
  /// What orders can be told apart by.
  public enum GroupBy {
    zone("zone"),
    category("category"),
    technician("technician_id::text");

    private final String column;

    GroupBy(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /// One group; a figure that nothing is known for is null.
  ///
  /// @param key the zone, category or technician's id; null for all orders, or those of nobody
  /// @param opened in the period; `completed` and `cancelled` are of these
  /// @param meanMinutesToAssign from opening to the first assignment
  /// @param meanMinutesToResolve from opening to completion
  /// @param meanMinutesToResolveWithoutHolds the same less the time on hold
  /// @param firstTimeFixRate the share of the completed that were solved without waiting for parts
  /// @param slaCompliance the share of kept promises among those kept or missed, by target
  /// @param lateArrivals how often work began later than promised
  /// @param utilisation time at work on these orders as a share of the technicians' capacity on the
  ///   business days of the period; for all orders, or one technician's
  /// @param backlog the orders open now, however old, by age
  public record Group(
      String key,
      long opened,
      long completed,
      long cancelled,
      Double meanMinutesToAssign,
      Double meanMinutesToResolve,
      Double meanMinutesToResolveWithoutHolds,
      Double firstTimeFixRate,
      Compliance slaCompliance,
      long lateArrivals,
      Double utilisation,
      Backlog backlog) {}

  public record Compliance(Double assign, Double arrive, Double resolve) {}

  /// How many open orders are younger than 4 hours, of 4 to 24 hours, 1 to 3 days, 3 to 7 days, and
  /// older.
  public record Backlog(
      long under4Hours, long under1Day, long under3Days, long under7Days, long older) {
    static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);
  }

  public Stats {
    groups = List.copyOf(groups);
  }
}
