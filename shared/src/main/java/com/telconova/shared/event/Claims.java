package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// What a relay does to the rows of the outbox. A claim is a lease and a fence: whoever holds
/// another one, or none any more, changes nothing.
final class Claims {
  private final String source;
  private final Duration lease;

  /// @param source the `source` of every event
  /// @param lease how long a claim lasts unless it ends before
  Claims(String source, Duration lease) {
    this.source = source;
    this.lease = lease;
  }

  /// Takes what is due, the lowest unsent event of each subject and no other.
  List<Event> take(Handle handle, UUID claim, int limit) {
    return handle
        .createQuery(
            """
            with due as (
              select o.id
              from outbox o
              where o.sent_at is null
                and o.available_at <= now()
                and not exists (
                  select 1 from outbox earlier
                  where earlier.aggregate_id = o.aggregate_id
                    and earlier.sequence < o.sequence
                    and earlier.sent_at is null)
              order by o.available_at
              limit :limit
              for update skip locked)
            update outbox
            set claim = :claim, available_at = now() + :lease * interval '1 millisecond'
            from due
            where outbox.id = due.id
            returning outbox.id, aggregate_id, sequence, type, occurred_at, traceparent, data
            """)
        .bind("limit", limit)
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
