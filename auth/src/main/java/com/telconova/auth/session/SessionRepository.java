package com.telconova.auth.session;

import com.telconova.auth.audit.Origin;
import com.telconova.auth.session.SessionPolicy.Stored;
import com.telconova.shared.http.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `session` and `refresh_token`.
final class SessionRepository {
  void insert(Handle handle, Session session, Origin origin, Instant now) {
    handle
        .createUpdate(
            """
            insert into session (id, user_id, device, address, created_at, last_used_at, expires_at)
            values (:id, :user, :device, :address, :now, :now, :expires)
            """)
        .bind("id", session.id())
        .bind("user", session.userId())
        .bind("device", origin.device())
        .bind("address", origin.address())
        .bind("now", now)
        .bind("expires", session.expiresAt())
        .execute();
  }

  /// The session that a refresh token belongs to; nobody else changes it, or a token of it, until
  /// the transaction ends. Read the tokens after this, never before.
  ///
  /// @param hash the token's
  Optional<Session> lockByToken(Handle handle, byte[] hash) {
    return handle
        .createQuery(
            """
            select id, user_id, expires_at, ended_at from session
            where id = (select session_id from refresh_token where hash = :hash)
            for update
            """)
        .bind("hash", hash)
        .map(SessionRepository::mapSession)
        .findOne();
  }

  /// One session, whoever's; nobody else changes it until the transaction ends.
  Optional<Session> lock(Handle handle, UUID id) {
    return handle
        .createQuery(
            "select id, user_id, expires_at, ended_at from session where id = :id for update")
        .bind("id", id)
        .map(SessionRepository::mapSession)
        .findOne();
  }

  /// A user's sessions that were not ended, however old: up to [SessionChanges#MAX_SESSIONS].
  List<Session> lockAll(Handle handle, UUID user) {
    return handle
        .createQuery(
            """
            select id, user_id, expires_at, ended_at from session
            where user_id = :user and ended_at is null
            order by id
            for update
            """)
        .bind("user", user)
        .map(SessionRepository::mapSession)
        .list();
  }

  /// All of a user's sessions that were not ended but the `count` last used. The sub-select,
  /// because a lock would be taken on the rows that `offset` skips, too.
  List<Session> lockBeyond(Handle handle, UUID user, int count) {
    return handle
        .createQuery(
            """
            select id, user_id, expires_at, ended_at from session
            where id in (
              select id from session
              where user_id = :user and ended_at is null
              order by last_used_at desc, id desc
              offset :count)
            for update
            """)
        .bind("user", user)
        .bind("count", count)
        .map(SessionRepository::mapSession)
        .list();
  }

  /// A user's sessions that can still be refreshed, newest first, one row more than the page shows.
  List<OwnSession> list(Handle handle, UUID user, SessionPolicy.Alive alive, Page.Request page) {
    return handle
        .createQuery(
            """
            select id, device, address, created_at, last_used_at from session
            where user_id = :user and ended_at is null
              and expires_at > :expiresAfter and last_used_at > :usedAfter
              and (cast(:time as timestamptz) is null
                   or (created_at, id) < (:time, cast(:id as uuid)))
            order by created_at desc, id desc
            limit :rows
            """)
        .bind("user", user)
        .bind("expiresAfter", alive.expiresAfter())
        .bind("usedAfter", alive.usedAfter())
        .bind("time", page.after() == null ? null : page.after().time())
        .bind("id", page.after() == null ? null : page.after().id())
        .bind("rows", page.rows())
        .map(SessionRepository::mapOwn)
        .list();
  }

  /// Whether this is a session of this user that was not ended.
  boolean isOpen(Handle handle, UUID id, UUID user) {
    return handle
        .createQuery(
            """
            select exists (
              select 1 from session where id = :id and user_id = :user and ended_at is null)
            """)
        .bind("id", id)
        .bind("user", user)
        .mapTo(Boolean.class)
        .one();
  }

  Optional<Stored> findToken(Handle handle, byte[] hash) {
    return handle
        .createQuery("select expires_at, used_at from refresh_token where hash = :hash")
        .bind("hash", hash)
        .map(SessionRepository::mapToken)
        .findOne();
  }

  void insertToken(Handle handle, byte[] hash, UUID session, Instant now, Instant expires) {
    handle
        .createUpdate(
            """
            insert into refresh_token (hash, session_id, created_at, expires_at)
            values (:hash, :session, :now, :expires)
            """)
        .bind("hash", hash)
        .bind("session", session)
        .bind("now", now)
        .bind("expires", expires)
        .execute();
  }

  /// Notes that a token was exchanged, and with it that its session is in use.
  void use(Handle handle, byte[] hash, Instant now) {
    handle
        .createUpdate(
            """
            with used as (
              update refresh_token set used_at = :now where hash = :hash returning session_id)
            update session set last_used_at = :now from used where session.id = used.session_id
            """)
        .bind("hash", hash)
        .bind("now", now)
        .execute();
  }

  void end(Handle handle, UUID session, EndReason reason, Instant now) {
    handle
        .createUpdate(
            """
            update session set ended_at = :now, end_reason = :reason
            where id = :id and ended_at is null
            """)
        .bind("now", now)
        .bind("reason", reason.name())
        .bind("id", session)
        .execute();
  }

  /// Deletes sessions that expired before, with their tokens.
  ///
  /// @return how many
  int deleteExpired(Handle handle, Instant before, int limit) {
    return handle
        .createUpdate(
            """
            delete from session where id in (
              select id from session where expires_at < :before order by expires_at limit :limit)
            """)
        .bind("before", before)
        .bind("limit", limit)
        .execute();
  }

  private static Session mapSession(ResultSet row, StatementContext ctx) throws SQLException {
    return new Session(
        row.getObject("id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        row.getObject("ended_at") != null);
  }

  private static OwnSession mapOwn(ResultSet row, StatementContext ctx) throws SQLException {
    return new OwnSession(
        row.getObject("id", UUID.class),
        new Origin(row.getString("address"), row.getString("device")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_used_at", OffsetDateTime.class).toInstant());
  }

  private static Stored mapToken(ResultSet row, StatementContext ctx) throws SQLException {
    return new Stored(
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("used_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }
}
