package com.telconova.tracking.live;

import com.telconova.tracking.timeline.TimelineRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// Entries in the order in which they can be followed.
///
/// A chain's positions are given under its lock, so that they are committed in order. Of all orders
/// together only the entries of transactions below the oldest running one are complete; what is
/// beyond may still get a neighbour in front of it.
final class LiveRepository {
  /// Where whoever comes now begins.
  Place newest(Handle handle, Feed feed) {
    return switch (feed) {
      case Feed.OneOrder(UUID order) ->
          new Place(
              handle
                  .createQuery("select length from timeline_head where order_id = :order")
                  .bind("order", order)
                  .mapTo(Long.class)
                  .findOne()
                  .orElse(0L),
              0);
      case Feed.AllOrders _ ->
          new Place(
              handle
                  .createQuery("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
                  .mapTo(Long.class)
                  .one(),
              Long.MAX_VALUE);
    };
  }

  /// Where an entry stands; empty when the feed has no such entry.
  Optional<Place> find(Handle handle, Feed feed, UUID entryId) {
    return switch (feed) {
      case Feed.OneOrder(UUID order) ->
          handle
              .createQuery(
                  "select position from timeline_entry where id = :id and order_id = :order")
              .bind("id", entryId)
              .bind("order", order)
              .map((row, _) -> new Place(row.getLong("position"), 0))
              .findOne();
      case Feed.AllOrders _ ->
          handle
              .createQuery(
                  """
                  select transaction_id::text::bigint as transaction_id, serial
                  from timeline_entry where id = :id
                  """)
              .bind("id", entryId)
              .map((row, _) -> new Place(row.getLong("transaction_id"), row.getLong("serial")))
              .findOne();
    };
  }

  /// What comes next after a place in a feed.
  List<LiveEntry> after(Handle handle, Feed feed, Place place, Slice slice) {
    return switch (feed) {
      case Feed.OneOrder(UUID order) ->
          handle
              .createQuery(
                  """
                  select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                         previous_hash, hash
                  from (
                    select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                           previous_hash, hash,
                           sum(data_bytes) over (
                             order by position
                             rows between unbounded preceding and 1 preceding) as bytes_before
                    from timeline_entry
                    where order_id = :order and position > :position
                    order by position
                    limit :rows) entry
                  where bytes_before is null or bytes_before < :bytes
                  order by position
                  """)
              .bind("order", order)
              .bind("position", place.major())
              .bind("rows", slice.rows())
              .bind("bytes", slice.bytes())
              .map(LiveRepository::inOrder)
              .list();
      case Feed.AllOrders _ ->
          handle
              .createQuery(
                  """
                  select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                         previous_hash, hash, commit::text::bigint as transaction_id, serial
                  from (
                    select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                           previous_hash, hash, transaction_id as commit, serial,
                           sum(data_bytes) over (
                             order by transaction_id, serial
                             rows between unbounded preceding and 1 preceding) as bytes_before
                    from timeline_entry
                    where (transaction_id, serial) > (:transaction::xid8, :serial)
                      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                    order by transaction_id, serial
                    limit :rows) entry
                  where bytes_before is null or bytes_before < :bytes
                  order by commit, serial
                  """)
              .bind("transaction", Long.toString(place.major()))
              .bind("serial", place.minor())
              .bind("rows", slice.rows())
              .bind("bytes", slice.bytes())
              .map(LiveRepository::inAll)
              .list();
    };
  }

  /// What comes next after a place of each of these orders, in one query.
  List<LiveEntry> after(Handle handle, Map<UUID, Place> places, Slice slice) {
    List<Map.Entry<UUID, Place>> orders = List.copyOf(places.entrySet());
    return handle
        .createQuery(
            """
            select id, order_id, position, type, occurred_at, actor_id, actor_role, data,
                   previous_hash, hash
            from (
              select e.id, e.order_id, e.position, e.type, e.occurred_at, e.actor_id,
                     e.actor_role, e.data, e.previous_hash, e.hash,
                     sum(e.data_bytes) over (
                       order by e.order_id, e.position
                       rows between unbounded preceding and 1 preceding) as bytes_before
              from unnest(:orders, :positions) as seen (order_id, position)
              join timeline_entry e
                on e.order_id = seen.order_id and e.position > seen.position::bigint
              order by e.order_id, e.position
              limit :rows) entry
            where bytes_before is null or bytes_before < :bytes
            order by order_id, position
            """)
        .bindArray("orders", UUID.class, orders.stream().map(Map.Entry::getKey).toList())
        .bindArray(
            "positions",
            String.class,
            orders.stream().map(order -> Long.toString(order.getValue().major())).toList())
        .bind("rows", slice.rows())
        .bind("bytes", slice.bytes())
        .map(LiveRepository::inOrder)
        .list();
  }

  private static LiveEntry inOrder(ResultSet row, StatementContext ctx) throws SQLException {
    return LiveEntry.of(TimelineRepository.map(row, ctx), new Place(row.getLong("position"), 0));
  }

  private static LiveEntry inAll(ResultSet row, StatementContext ctx) throws SQLException {
    return LiveEntry.of(
        TimelineRepository.map(row, ctx),
        new Place(row.getLong("transaction_id"), row.getLong("serial")));
  }
}
