package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// What a relay does to the rows of the outbox. A claim is a lease and a fence: whoever holds
/// another one, or none any more, changes nothing.
final class Claims {
  /// How many of those that have waited longest are looked at.
  static final int FRONT = 1_000;

  /// How many subjects a look behind them passes.
  static final int ROUND = 2_000;

  private static final UUID FIRST = new UUID(0, 0);

  /// Leaves the planner the indexes made for this and nothing else. What it would choose by its
  /// statistics was right for the moment they were taken at: an empty outbox, or one in which all
  /// was sent. After a burst it read everything, for each event, and came to no end within the time
  /// that a statement has.
  private static final String PLAN =
      """
      set local plan_cache_mode = force_custom_plan;
      set local enable_seqscan = off;
      set local enable_bitmapscan = off;
      set local enable_sort = off;
      set local enable_hashjoin = off;
      set local enable_mergejoin = off;
      """;

  private final String source;
  private final Duration lease;
  private UUID after = FIRST;

  /// @param source the `source` of every event
  /// @param lease how long a claim lasts unless it ends before
  Claims(String source, Duration lease) {
    this.source = source;
    this.lease = lease;
  }

  /// Takes what is due, the lowest unsent event of each subject and no other, what has waited
  /// longest first. Costs as much however many wait.
  List<Event> take(Handle handle, UUID claim, int limit) {
    handle.execute(PLAN);
    List<Event> taken = new ArrayList<>(limit);
    int front = takeFront(handle, claim, limit, taken);
    if (front == FRONT && taken.size() < limit) {
      List<UUID> heads = heads(handle, limit - taken.size());
      taken.addAll(takeThese(handle, claim, heads));
    }
    return taken;
  }

  /// @return how many events were looked at; [#FRONT] when there may be more
  private int takeFront(Handle handle, UUID claim, int limit, List<Event> taken) {
    return handle
        .createQuery(
            """
            with front as materialized (
              select id
              from outbox
              where sent_at is null and available_at <= now()
              order by available_at
              limit :front),
            due as (
              select o.id
              from front join outbox o on o.id = front.id
              where o.available_at <= now()
                and o.sequence = (
                  select lowest.sequence
                  from outbox lowest
                  where lowest.aggregate_id = o.aggregate_id and lowest.sent_at is null
                  order by lowest.aggregate_id, lowest.sequence
                  limit 1)
              limit :limit
              for update of o skip locked),
            taken as (
              update outbox
              set claim = :claim, available_at = now() + :lease * interval '1 millisecond'
              from due
              where outbox.id = due.id
              returning outbox.id, aggregate_id, sequence, type, occurred_at, traceparent, data)
            select looked_at.count, taken.*
            from (select count(*) from front) looked_at left join taken on true
            """)
        .bind("front", FRONT)
        .bind("limit", limit)
        .bind("claim", claim)
        .bind("lease", lease.toMillis())
        .reduceResultSet(
            0,
            (_, row, ctx) -> {
              if (row.getObject("id") != null) {
                taken.add(event(row, ctx));
              }
              return row.getInt("count");
            });
  }

  /// The lowest unsent events of the subjects that come next in the order of their ids, round and
  /// round. Where all that has waited longest waits for others of its subject, whoever stands
  /// behind it is found by this way.
  private List<UUID> heads(Handle handle, int limit) {
    List<UUID> heads = new ArrayList<>();
    int looked = 0;
    UUID last = after;
    for (Map.Entry<UUID, Optional<UUID>> head : round(handle)) {
      looked++;
      last = head.getKey();
      head.getValue().ifPresent(heads::add);
      if (heads.size() == limit) {
        break;
      }
    }
    after = heads.size() < limit && looked < ROUND ? FIRST : last;
    return heads;
  }

  /// Subjects and, if it is due, the lowest unsent event of each: one look into the index a
  /// subject.
  private List<Map.Entry<UUID, Optional<UUID>>> round(Handle handle) {
    return handle
        .createQuery(
            """
            with recursive round as (
              (select id, aggregate_id, available_at
               from outbox
               where sent_at is null and aggregate_id > :after
               order by aggregate_id, sequence
               limit 1)
              union all
              select next.id, next.aggregate_id, next.available_at
              from round, lateral (
                select id, aggregate_id, available_at
                from outbox
                where sent_at is null and aggregate_id > round.aggregate_id
                order by aggregate_id, sequence
                limit 1) next)
            select aggregate_id, case when available_at <= now() then id end as due
            from round
            limit :limit
            """)
        .bind("after", after)
        .bind("limit", ROUND)
        .map((row, _) ->
            Map.entry(
                row.getObject("aggregate_id", UUID.class),
                Optional.ofNullable(row.getObject("due", UUID.class))))
        .list();
  }

  private List<Event> takeThese(Handle handle, UUID claim, List<UUID> heads) {
    return handle
        .createQuery(
            """
            with due as (
              select id
              from outbox
              where id = any(:ids) and available_at <= now()
              for update skip locked)
            update outbox
            set claim = :claim, available_at = now() + :lease * interval '1 millisecond'
            from due
            where outbox.id = due.id
            returning outbox.id, aggregate_id, sequence, type, occurred_at, traceparent, data
            """)
        .bindArray("ids", UUID.class, heads)
        .bind("claim", claim)
        .bind("lease", lease.toMillis())
        .map(this::event)
        .list();
  }

  /// They were accepted, and are done with.
  static void mark(Handle handle, UUID claim, Collection<UUID> accepted) {
    update(
        handle,
        claim,
        accepted,
        "update outbox set sent_at = now(), claim = null where id = any(:ids) and claim = :claim");
  }

  /// They were refused: each comes again ever later, 1 s to 5 min, doubling with full jitter.
  static void postpone(Handle handle, UUID claim, Collection<UUID> refused) {
    update(
        handle,
        claim,
        refused,
        """
        update outbox
        set claim = null, attempts = attempts + 1,
            available_at =
              now() + random() * least(300, power(2, least(attempts, 20))) * interval '1 second'
        where id = any(:ids) and claim = :claim
        """);
  }

  /// Nothing was learnt of them: they are due as if they had never been claimed, the oldest first.
  static void release(Handle handle, UUID claim, Collection<UUID> untried) {
    update(
        handle,
        claim,
        untried,
        """
        update outbox
        set claim = null, available_at = least(now(), occurred_at)
        where id = any(:ids) and claim = :claim
        """);
  }

  private static void update(Handle handle, UUID claim, Collection<UUID> ids, String sql) {
    if (!ids.isEmpty()) {
      handle
          .createUpdate(sql)
          .bindArray("ids", UUID.class, List.copyOf(ids))
          .bind("claim", claim)
          .execute();
    }
  }

  private Event event(ResultSet row, StatementContext ctx) throws SQLException {
    try {
      return new Event(
          row.getObject("id", UUID.class),
          source,
          row.getString("type"),
          row.getObject("aggregate_id", UUID.class),
          row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
          row.getLong("sequence"),
          row.getString("traceparent"),
          Mappers.TOLERANT.readTree(row.getString("data")));
    } catch (JsonProcessingException e) {
      throw new SQLException("outbox.data is not JSON", e);
    }
  }
}
