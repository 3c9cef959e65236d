package com.telconova.auth.session;

import com.telconova.auth.session.Session.EndReason;
import com.telconova.auth.session.SessionPolicy.Stored;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
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

  private static Stored mapToken(ResultSet row, StatementContext ctx) throws SQLException {
    return new Stored(
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("used_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }
}
