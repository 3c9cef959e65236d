package com.telconova.auth.credential;

import com.telconova.auth.account.Email;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Origin;
import com.telconova.shared.trace.Trace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `reset_request` and `reset_token`.
final class ResetRepository {
  private static final int BATCH = 500;

  /// Does nothing while an earlier request for the same address waits.
  void insertRequest(Handle handle, UUID id, Email email, Origin origin, Instant now) {
    handle
        .createUpdate(
            """
            insert into reset_request (id, email, address, device, requested_at, due_at, expires_at,
                                       traceparent)
            values (:id, :email, :address, :device, :now, :now, :now, :traceparent)
            on conflict (email) do nothing
            """)
        .bind("id", id)
        .bind("email", email.address())
        .bind("address", origin.address())
        .bind("device", origin.device())
        .bind("now", now)
        .bind("traceparent", Trace.current().map(Trace::traceparent).orElse(null))
        .execute();
  }

  /// Takes the request that is due longest and puts it off, so that nobody else takes it meanwhile:
  /// 5 s after the first time, then twice as long each time, up to a minute.
  ///
  /// @param lifetime what a token is given that has less than half of this left
  Optional<ResetRequest> claim(Handle handle, Instant now, Instant halfLife, Instant lifetime) {
    return handle
        .createQuery(
            """
            update reset_request
            set attempts = attempts + 1,
                due_at = :now::timestamptz
                  + least(interval '5 seconds' * power(2, least(attempts, 10)), interval '1 minute'),
                expires_at = case when expires_at < :halfLife then :lifetime::timestamptz else expires_at end
            where id = (
              select id from reset_request where due_at <= :now
              order by due_at
              limit 1
              for update skip locked)
            returning id, email, address, device, attempts, expires_at, traceparent
            """)
        .bind("now", now)
        .bind("halfLife", halfLife)
        .bind("lifetime", lifetime)
        .map(ResetRepository::map)
        .findOne();
  }

  void deleteRequest(Handle handle, UUID id) {
    handle.createUpdate("delete from reset_request where id = :id").bind("id", id).execute();
  }

  /// @return how many were given up
  int deleteRequests(Handle handle, Instant before) {
    return handle
        .createUpdate(
            """
            delete from reset_request where id in (
              select id from reset_request where requested_at < :before limit :batch)
            """)
        .bind("before", before)
        .bind("batch", BATCH)
        .execute();
  }

  /// How many tokens of a user count, this one left out.
  int countOthers(Handle handle, UUID user, byte[] hash, Instant now) {
    return handle
        .createQuery(
            """
            select count(*) from reset_token
            where user_id = :user and hash <> :hash and expires_at > :now
            """)
        .bind("user", user)
        .bind("hash", hash)
        .bind("now", now)
        .mapTo(Integer.class)
        .one();
  }

  /// Does nothing if it is there already.
  void insertToken(Handle handle, byte[] hash, UUID user, Instant expires) {
    handle
        .createUpdate(
            """
            insert into reset_token (hash, user_id, expires_at)
            values (:hash, :user, :expires)
            on conflict (hash) do nothing
            """)
        .bind("hash", hash)
        .bind("user", user)
        .bind("expires", expires)
        .execute();
  }

  /// Whose token it is, if it counts.
  Optional<UUID> findOwner(Handle handle, byte[] hash, Instant now) {
    return handle
        .createQuery("select user_id from reset_token where hash = :hash and expires_at > :now")
        .bind("hash", hash)
        .bind("now", now)
        .mapTo(UUID.class)
        .findOne();
  }

  /// Nothing that was asked for or handed out before counts any more. Requests first: whoever turns
  /// one into a token at the moment holds its row, and we see the token only afterwards.
  void forget(Handle handle, User user) {
    handle
        .createUpdate("delete from reset_request where email = :email")
        .bind("email", user.email().address())
        .execute();
    handle
        .createUpdate("delete from reset_token where user_id = :user")
        .bind("user", user.id())
        .execute();
  }

  void deleteExpiredTokens(Handle handle, Instant now) {
    handle
        .createUpdate(
            """
            delete from reset_token where hash in (
              select hash from reset_token where expires_at <= :now limit :batch)
            """)
        .bind("now", now)
        .bind("batch", BATCH)
        .execute();
  }

  private static ResetRequest map(ResultSet row, StatementContext ctx) throws SQLException {
    return new ResetRequest(
        row.getObject("id", UUID.class),
        new Email(row.getString("email")),
        new Origin(row.getString("address"), row.getString("device")),
        row.getInt("attempts") == 1,
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        row.getString("traceparent"));
  }
}
