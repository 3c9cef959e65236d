package com.telconova.auth.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.telconova.auth.audit.Caller.Actor;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `audit_entry`, which knows no update.
final class AuditRepository {
  private static final TypeReference<Map<String, String>> DETAIL = new TypeReference<>() {};

  /// The same statement whether there is a user or not, and so about the same time.
  ///
  /// @param user null: nothing is written
  void insert(Handle handle, UUID user, Entry entry) {
    Caller caller = entry.caller();
    handle
        .createUpdate(
            """
            insert into audit_entry (id, user_id, time, type, actor_id, actor_role, session_id,
                                     address, device, detail)
            select cast(:id as uuid), cast(:user as uuid), cast(:time as timestamptz), :type,
                   cast(:actor as uuid), :role, cast(:session as uuid), :address, :device,
                   cast(:detail as json)
            where cast(:user as uuid) is not null
            """)
        .bind("id", entry.id())
        .bind("user", user)
        .bind("time", entry.time())
        .bind("type", entry.act().type())
        .bind("actor", caller.actor().map(Actor::id).orElse(null))
        .bind("role", caller.actor().map(Actor::role).orElse(null))
        .bind("session", caller.session().orElse(null))
        .bind("address", caller.origin().address())
        .bind("device", caller.origin().device())
        .bind("detail", json(entry.detail()))
        .execute();
  }

  /// Newest first, one row more than the page shows.
  List<Entry> list(Handle handle, UUID user, Page.Request page) {
    return handle
        .createQuery(
            """
            select id, time, type, actor_id, actor_role, session_id, address, device, detail
            from audit_entry
            where user_id = :user
              and (cast(:time as timestamptz) is null or (time, id) < (:time, cast(:id as uuid)))
            order by time desc, id desc
            limit :rows
            """)
        .bind("user", user)
        .bind("time", page.after() == null ? null : page.after().time())
        .bind("id", page.after() == null ? null : page.after().id())
        .bind("rows", page.rows())
        .map(AuditRepository::map)
        .list();
  }

  /// Deletes what was written before.
  ///
  /// @return how many rows
  int deleteOld(Handle handle, Instant before, int limit) {
    return handle
        .createUpdate(
            """
            delete from audit_entry where id in (
              select id from audit_entry where time < :before
              order by time
              limit :limit
              for update skip locked)
            """)
        .bind("before", before)
        .bind("limit", limit)
        .execute();
  }

  private static Entry map(ResultSet row, StatementContext ctx) throws SQLException {
    UUID actor = row.getObject("actor_id", UUID.class);
    return new Entry(
        row.getObject("id", UUID.class),
        row.getObject("time", OffsetDateTime.class).toInstant(),
        Act.of(row.getString("type")),
        new Caller(
            new Origin(row.getString("address"), row.getString("device")),
            actor == null
                ? Optional.empty()
                : Optional.of(new Actor(actor, row.getString("actor_role"))),
            Optional.ofNullable(row.getObject("session_id", UUID.class))),
        detail(row.getString("detail")));
  }

  private static String json(Map<String, String> detail) {
    try {
      return Mappers.TOLERANT.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> detail(String json) {
    try {
      return Mappers.TOLERANT.readValue(json, DETAIL);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the detail of an audit entry is damaged", e);
    }
  }
}
