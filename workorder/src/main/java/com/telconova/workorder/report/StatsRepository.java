package com.telconova.workorder.report;

import com.telconova.workorder.report.Stats.Backlog;
import com.telconova.workorder.report.Stats.GroupBy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// Figures over `work_order` and `technician`. One pass over the period's orders, one over the open
/// ones; both through an index. Durations are doubles, `date_part`: the exact numbers that
/// `extract` gives take a third longer to add, and a year of a million orders must fit into a
/// statement's time.
public final class StatsRepository {
  /// More groups than a page can show are of no use.
  private static final int MAX_GROUPS = 1_000;

  /// More groups than there can be.
  private static final int ALL_GROUPS = 100_000;

  /// How much of a period one statement counts: a year of a million orders would take longer than
  /// any statement may.
  private static final Duration SLICE = Duration.ofDays(31);

  /// What is counted of one group's orders; times are sums, over those that were assigned or
  /// completed.
  record Counted(
      String key,
      long opened,
      long completed,
      long cancelled,
      long assigned,
      double secondsToAssign,
      double secondsToResolve,
      double secondsToResolveWithoutHolds,
      long fixedFirstTime,
      Kept assign,
      Kept arrive,
      Kept resolve,
      long lateArrivals,
      double secondsAtWork) {
    static final Counted NOTHING =
        new Counted(null, 0, 0, 0, 0, 0, 0, 0, 0, Kept.NONE, Kept.NONE, Kept.NONE, 0, 0);

    private static final Comparator<Counted> LARGEST_FIRST =
        Comparator.comparingLong(Counted::opened)
            .reversed()
            .thenComparing(Counted::key, Comparator.nullsLast(Comparator.naturalOrder()));

    /// Both together.
    Counted plus(Counted other) {
      return new Counted(
          key,
          opened + other.opened,
          completed + other.completed,
          cancelled + other.cancelled,
          assigned + other.assigned,
          secondsToAssign + other.secondsToAssign,
          secondsToResolve + other.secondsToResolve,
          secondsToResolveWithoutHolds + other.secondsToResolveWithoutHolds,
          fixedFirstTime + other.fixedFirstTime,
          assign.plus(other.assign),
          arrive.plus(other.arrive),
          resolve.plus(other.resolve),
          lateArrivals + other.lateArrivals,
          secondsAtWork + other.secondsAtWork);
    }
  }

  /// How many promises were kept, and how many missed.
  record Kept(long kept, long missed) {
    static final Kept NONE = new Kept(0, 0);

    Kept plus(Kept other) {
      return new Kept(kept + other.kept, missed + other.missed);
    }

    Double share() {
      return kept + missed == 0 ? null : (double) kept / (kept + missed);
    }
  }

  /// The orders opened in a period, the largest group first. All together are one group, even if
  /// there are none.
  List<Counted> count(Handle handle, Instant from, Instant to, GroupBy groupBy, Instant now) {
    Map<String, Counted> groups = new HashMap<>();
    if (groupBy == null) {
      groups.put(null, Counted.NOTHING);
    }
    for (Instant begin = from; begin.isBefore(to); begin = begin.plus(SLICE)) {
      Instant end = begin.plus(SLICE).isBefore(to) ? begin.plus(SLICE) : to;
      countSlice(handle, begin, end, groupBy, now)
          .forEach(group -> groups.merge(group.key(), group, Counted::plus));
    }
    return groups.values().stream().sorted(Counted.LARGEST_FIRST).limit(MAX_GROUPS).toList();
  }

  private static List<Counted> countSlice(
      Handle handle, Instant from, Instant to, GroupBy groupBy, Instant now) {
    return handle
        .createQuery(
            """
            select %s as key,
              count(*) as opened,
              count(*) filter (where status = 'COMPLETED') as completed,
              count(*) filter (where status = 'CANCELLED') as cancelled,
              count(assigned_at) as assigned,
              sum(date_part('epoch', assigned_at - created_at)) as to_assign,
              sum(date_part('epoch', ended_at - created_at))
                filter (where status = 'COMPLETED') as to_resolve,
              sum(date_part('epoch', ended_at - created_at) - held_seconds)
                filter (where status = 'COMPLETED') as to_resolve_net,
              count(*) filter (where first_time_fix) as fixed,
              count(*) filter (where assigned_at <= assign_by) as assign_kept,
              count(*) filter (where coalesce(assigned_at, ended_at, :now) > assign_by)
                as assign_missed,
              count(*) filter (where arrived_at <= arrive_by) as arrive_kept,
              count(*) filter (where coalesce(arrived_at, ended_at, :now) > arrive_by)
                as arrive_missed,
              count(*) filter (where status = 'COMPLETED' and ended_at <= resolve_by)
                as resolve_kept,
              count(*) filter (where coalesce(ended_at, :now) > resolve_by) as resolve_missed,
              count(*) filter (where arrived_at > arrive_by) as late_arrivals,
              sum(date_part('epoch', ended_at - arrived_at) - held_seconds)
                filter (where status = 'COMPLETED') as at_work
            from work_order
            where created_at >= :from and created_at < :to
            group by 1 limit :rows
            """
                .formatted(groupBy == null ? "null::text" : groupBy.column()))
        .bind("from", from)
        .bind("to", to)
        .bind("now", now)
        .bind("rows", ALL_GROUPS)
        .map(StatsRepository::counted)
        .list();
  }

  /// The orders open now, by group.
  Map<String, Backlog> backlog(Handle handle, GroupBy groupBy, Instant now) {
    Map<String, Backlog> backlog = new HashMap<>();
    handle
        .createQuery(
            """
            select %s as key,
              count(*) filter (where age < interval '4 hours') as hours,
              count(*) filter (where age >= interval '4 hours' and age < interval '1 day') as day,
              count(*) filter (where age >= interval '1 day' and age < interval '3 days') as three,
              count(*) filter (where age >= interval '3 days' and age < interval '7 days') as week,
              count(*) filter (where age >= interval '7 days') as older
            from (
              select zone, category, technician_id, :now::timestamptz - created_at as age
              from work_order where ended_at is null) as open
            group by 1 limit :rows
            """
                .formatted(groupBy == null ? "null::text" : groupBy.column()))
        .bind("now", now)
        .bind("rows", MAX_GROUPS)
        .map((row, _) ->
            backlog.put(
                row.getString("key"),
                new Backlog(
                    row.getLong("hours"),
                    row.getLong("day"),
                    row.getLong("three"),
                    row.getLong("week"),
                    row.getLong("older"))))
        .list();
    return backlog;
  }

  /// The daily capacity of each active technician, in minutes, by id.
  Map<String, Integer> capacities(Handle handle) {
    Map<String, Integer> capacities = new HashMap<>();
    handle
        .createQuery("select id::text, capacity_minutes from technician where active limit 100000")
        .map((row, _) -> capacities.put(row.getString("id"), row.getInt("capacity_minutes")))
        .list();
    return capacities;
  }

  private static Counted counted(ResultSet row, StatementContext ctx) throws SQLException {
    return new Counted(
        row.getString("key"),
        row.getLong("opened"),
        row.getLong("completed"),
        row.getLong("cancelled"),
        row.getLong("assigned"),
        row.getDouble("to_assign"),
        row.getDouble("to_resolve"),
        row.getDouble("to_resolve_net"),
        row.getLong("fixed"),
        kept(row, "assign"),
        kept(row, "arrive"),
        kept(row, "resolve"),
        row.getLong("late_arrivals"),
        row.getDouble("at_work"));
  }

  private static Kept kept(ResultSet row, String target) throws SQLException {
    return new Kept(row.getLong(target + "_kept"), row.getLong(target + "_missed"));
  }
}
