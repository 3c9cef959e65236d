package com.telconova.workorder.report;

import com.telconova.shared.database.Database;
import com.telconova.workorder.report.Stats.Backlog;
import com.telconova.workorder.report.Stats.Compliance;
import com.telconova.workorder.report.Stats.Group;
import com.telconova.workorder.report.Stats.GroupBy;
import com.telconova.workorder.report.StatsRepository.Counted;
import com.telconova.workorder.sla.BusinessCalendar;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The figures by which the field is steered.
public final class Reports {
  private static final double MINUTE = 60;

  private final Clock clock;
  private final BusinessCalendar calendar;
  private final Database database;
  private final StatsRepository repository;

  /// @param calendar says on which days there is capacity
  public Reports(
      Clock clock, BusinessCalendar calendar, Database database, StatsRepository repository) {
    this.clock = clock;
    this.calendar = calendar;
    this.database = database;
    this.repository = repository;
  }

  /// How the orders that were opened in a period fared.
  ///
  /// @param groupBy null: all together
  Stats stats(Instant from, Instant to, GroupBy groupBy) {
    Instant now = clock.instant();
    return database.read(handle -> {
      List<Counted> counted = repository.count(handle, from, to, groupBy, now);
      Map<String, Backlog> backlog = repository.backlog(handle, groupBy, now);
      Map<String, Integer> capacities = repository.capacities(handle);
      long days = calendar.days(from, to.isBefore(now) ? to : now);
      return new Stats(
          from,
          to,
          groupBy,
          counted.stream()
              .map(each ->
                  group(
                      each,
                      backlog.getOrDefault(each.key(), Backlog.NONE),
                      utilisation(each, groupBy, capacities, days)))
              .toList());
    });
  }

  private static Group group(Counted counted, Backlog backlog, Double utilisation) {
    return new Group(
        counted.key(),
        counted.opened(),
        counted.completed(),
        counted.cancelled(),
        minutes(counted.secondsToAssign(), counted.assigned()),
        minutes(counted.secondsToResolve(), counted.completed()),
        minutes(counted.secondsToResolveWithoutHolds(), counted.completed()),
        ratio(counted.fixedFirstTime(), counted.completed()),
        new Compliance(
            rounded(counted.assign().share()),
            rounded(counted.arrive().share()),
            rounded(counted.resolve().share())),
        counted.lateArrivals(),
        utilisation,
        backlog);
  }

  private static Double utilisation(
      Counted counted, GroupBy groupBy, Map<String, Integer> capacities, long days) {
    if (groupBy != null && groupBy != GroupBy.technician) {
      return null;
    }
    long daily =
        groupBy == null
            ? capacities.values().stream().mapToLong(minutes -> minutes).sum()
            : capacities.getOrDefault(counted.key(), 0);
    return ratio(counted.secondsAtWork() / MINUTE, daily * days);
  }

  /// On the average.
  private static Double minutes(double seconds, long orders) {
    return orders == 0 ? null : Math.round(10 * seconds / orders / MINUTE) / 10.0;
  }

  private static Double ratio(double part, double whole) {
    return whole == 0 ? null : rounded(part / whole);
  }

  /// To four digits: more would pretend.
  private static Double rounded(Double share) {
    return share == null ? null : Math.round(10_000 * share) / 10_000.0;
  }
}
