package com.telconova.tracking.timeline;

import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import com.telconova.shared.http.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// Entries and the heads of their chains.
public final class TimelineRepository {
  private static final Page.Cursor BEGINNING = new Page.Cursor(Instant.EPOCH, new UUID(0, 0));

  /// The newest link of a chain.
  record Head(long length, String hash) {}

  /// Locks the chain of an order until the end of the transaction, and begins it if need be. The
  /// update that changes nothing is what takes the lock and returns the row as it is then.
  Message.Found<Head> locking(Message message, UUID orderId) {
    return message.find(
        """
        insert into timeline_head (order_id, length, hash) values (:order, 0, :start)
        on conflict (order_id) do update set length = timeline_head.length
        returning length, hash
        """,
        Map.of("order", orderId, "start", HexFormat.of().parseHex(Chain.START)),
        (row, _) -> new Head(row.getLong("length"), hex(row, "hash")));
  }

  /// As [#locking], at once.
  Head lock(Handle handle, UUID orderId) {
    Message message = new Message();
    Message.Found<Head> head = locking(message, orderId);
    message.send(handle);
    return head.rows().getFirst();
  }

  /// The newest link of a chain, as it is; nothing is locked.
  Head head(Handle handle, UUID orderId) {
    return handle
        .createQuery("select length, hash from timeline_head where order_id = :order")
        .bind("order", orderId)
        .map((row, _) -> new Head(row.getLong("length"), hex(row, "hash")))
        .findOne()
        .orElse(new Head(0, Chain.START));
  }

  /// Appends the entry and makes it the head; changes nothing when it is there already.
  Write inserting(Entry entry, Instant now) {
    NewEntry what = entry.what();
    Map<String, Object> values = new HashMap<>();
    values.put("id", what.id());
    values.put("order", what.orderId());
    values.put("position", entry.position());
    values.put("type", what.type());
    values.put("time", what.time());
    values.put("now", now);
    values.put("actorId", what.actor() == null ? null : what.actor().id());
    values.put("actorRole", what.actor() == null ? null : what.actor().role());
    values.put("data", what.data());
    values.put("previous", HexFormat.of().parseHex(entry.previousHash()));
    values.put("hash", HexFormat.of().parseHex(entry.hash()));
    return new Write(
        """
        with link as (
          insert into timeline_entry
            (id, order_id, position, type, occurred_at, recorded_at, actor_id, actor_role,
             data, data_bytes, previous_hash, hash)
          values (:id, :order, :position, :type, :time, :now, :actorId, :actorRole,
             :data::json, octet_length(:data), :previous, :hash)
          on conflict (id) do nothing
          returning order_id, position, hash)
        update timeline_head
        set length = link.position, hash = link.hash
        from link where timeline_head.order_id = link.order_id
        """,
        values);
  }

  /// As [#inserting], at once.
  ///
  /// @return false when the entry is there already
  boolean insert(Handle handle, Entry entry, Instant now) {
    Write write = inserting(entry, now);
    return handle.createUpdate(write.sql()).bindMap(write.values()).execute() == 1;
  }

  /// Entries of an order by time and id, however they came.
  List<Entry> list(Handle handle, UUID orderId, Page.Request page) {
    Page.Cursor after = page.after() == null ? BEGINNING : page.after();
    return handle
        .createQuery(
            """
            select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                   previous_hash, hash
            from timeline_entry
            where order_id = :order and (occurred_at, id) > (:time, :id)
            order by occurred_at, id
            limit :rows
            """)
        .bind("order", orderId)
        .bind("time", after.time())
        .bind("id", after.id())
        .bind("rows", page.rows())
        .map(TimelineRepository::map)
        .list();
  }

  /// An entry and those that correct it, in the order of appending.
  List<Entry> withCorrections(Handle handle, UUID orderId, UUID id, String corrections) {
    return handle
        .createQuery(
            """
            select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                   previous_hash, hash
            from timeline_entry
            where order_id = :order
              and (id = :id or (type = :corrections and data ->> 'updateId' = :id::text))
            order by position
            limit 1000
            """)
        .bind("order", orderId)
        .bind("id", id)
        .bind("corrections", corrections)
        .map(TimelineRepository::map)
        .list();
  }

  /// Links of a chain in their order, behind a position.
  List<Entry> chain(Handle handle, UUID orderId, long position, int limit) {
    return handle
        .createQuery(
            """
            select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                   previous_hash, hash
            from timeline_entry
            where order_id = :order and position > :position
            order by position
            limit :rows
            """)
        .bind("order", orderId)
        .bind("position", position)
        .bind("rows", limit)
        .map(TimelineRepository::map)
        .list();
  }

  /// Reads an entry out of a row that has all its columns.
  public static Entry map(ResultSet row, StatementContext ctx) throws SQLException {
    UUID actorId = row.getObject("actor_id", UUID.class);
    NewEntry what =
        new NewEntry(
            row.getObject("id", UUID.class),
            row.getObject("order_id", UUID.class),
            row.getString("type"),
            row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
            actorId == null ? null : new Actor(actorId, row.getString("actor_role")),
            row.getString("data"));
    return new Entry(what, row.getLong("position"), hex(row, "previous_hash"), hex(row, "hash"));
  }

  private static String hex(ResultSet row, String column) throws SQLException {
    return HexFormat.of().formatHex(row.getBytes(column));
  }
}
