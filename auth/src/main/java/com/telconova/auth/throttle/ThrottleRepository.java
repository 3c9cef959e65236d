package com.telconova.auth.throttle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `failed_attempts` and `attempt_bucket`.
final class ThrottleRepository {
  /// Why an attempt has to wait.
  ///
  /// @param told whether somebody was told so since the last attempt that was let in
  record Wait(Instant until, boolean told) {}

  /// The wait of a key, if it has one.
  Optional<Wait> findWait(Handle handle, byte[] key, Instant now) {
    return handle
        .createQuery(
            """
            select blocked_until, told from failed_attempts
            where key = :key and blocked_until > :now
            """)
        .bind("key", key)
        .bind("now", now)
        .map(ThrottleRepository::map)
        .findOne();
  }

  /// Notes that somebody was told to wait.
  ///
  /// @return whether nobody was before
  boolean tell(Handle handle, byte[] key) {
    return handle
            .createUpdate("update failed_attempts set told = true where key = :key and not told")
            .bind("key", key)
            .execute()
        == 1;
  }

  /// Counts a failure in advance, in one statement: of any number that come at once, each sees the
  /// ones before it.
  ///
  /// @return false, and nothing is counted, when it has to wait
  boolean reserve(Handle handle, byte[] key, Backoff backoff, Instant now) {
    return handle
            .createUpdate(
                """
                insert into failed_attempts as a (key, failures, expires_at)
                values (:key, 1, :expires)
                on conflict (key) do update
                set failures = case when a.expires_at <= :now then 1 else a.failures + 1 end,
                    blocked_until = case
                      when a.expires_at <= :now or a.failures + 1 < :free then null
                      else :now::timestamptz
                        + least(:first * power(2, least(a.failures + 1 - :free, 30)), :longest)
                          * interval '1 second'
                      end,
                    told = false,
                    expires_at = :expires
                where a.blocked_until is null or a.blocked_until <= :now
                """)
            .bind("key", key)
            .bind("now", now)
            .bind("expires", now.plus(backoff.remembered()))
            .bind("free", backoff.free())
            .bind("first", backoff.first().toSeconds())
            .bind("longest", backoff.longest().toSeconds())
            .execute()
        == 1;
  }

  /// Lets a wait begin now, when it is known that the attempt failed. Writes in any case: how long
  /// it takes tells nothing.
  void confirm(Handle handle, byte[] key, Backoff backoff, Instant now) {
    handle
        .createUpdate(
            """
            update failed_attempts
            set expires_at = greatest(expires_at, :expires),
                blocked_until = case
                  when failures < :free then null
                  else greatest(
                    blocked_until,
                    :now::timestamptz
                      + least(:first * power(2, least(failures - :free, 30)), :longest)
                        * interval '1 second')
                  end
            where key = :key
            """)
        .bind("key", key)
        .bind("now", now)
        .bind("expires", now.plus(backoff.remembered()))
        .bind("free", backoff.free())
        .bind("first", backoff.first().toSeconds())
        .bind("longest", backoff.longest().toSeconds())
        .execute();
  }

  /// Gives one attempt back. Whoever came in had no wait, so that none is left.
  void release(Handle handle, byte[] key) {
    handle
        .createUpdate(
            """
            update failed_attempts set failures = failures - 1, blocked_until = null
            where key = :key and failures > 0
            """)
        .bind("key", key)
        .execute();
  }

  void forget(Handle handle, byte[] key) {
    handle.createUpdate("delete from failed_attempts where key = :key").bind("key", key).execute();
  }

  /// Adds a drop, if it fits in, in one statement.
  ///
  /// @return whether it did
  boolean fill(Handle handle, byte[] key, Bucket bucket, Instant now) {
    return handle
            .createUpdate(
                """
                insert into attempt_bucket as b (key, empty_at) values (:key, :first)
                on conflict (key) do update
                set empty_at = greatest(b.empty_at, :now) + :leak * interval '1 second'
                where b.empty_at + :leak * interval '1 second' <= :full
                """)
            .bind("key", key)
            .bind("now", now)
            .bind("first", now.plus(bucket.leak()))
            .bind("leak", bucket.leak().toSeconds())
            .bind("full", now.plus(bucket.depth()))
            .execute()
        == 1;
  }

  /// Takes a drop out again.
  void drain(Handle handle, byte[] key, Duration leak) {
    handle
        .createUpdate(
            """
            update attempt_bucket set empty_at = empty_at - :leak * interval '1 second'
            where key = :key
            """)
        .bind("key", key)
        .bind("leak", leak.toSeconds())
        .execute();
  }

  void empty(Handle handle, byte[] key) {
    handle.createUpdate("delete from attempt_bucket where key = :key").bind("key", key).execute();
  }

  /// When a bucket is empty, if it is not.
  Optional<Instant> findEmptyAt(Handle handle, byte[] key) {
    return handle
        .createQuery("select empty_at from attempt_bucket where key = :key")
        .bind("key", key)
        .mapTo(OffsetDateTime.class)
        .map(OffsetDateTime::toInstant)
        .findOne();
  }

  /// Deletes what counts no more.
  ///
  /// @return how many rows
  int deleteExpired(Handle handle, Instant now, int limit) {
    return handle
            .createUpdate(
                """
                delete from failed_attempts where key in (
                  select key from failed_attempts where expires_at <= :now
                  limit :limit for update skip locked)
                """)
            .bind("now", now)
            .bind("limit", limit)
            .execute()
        + handle
            .createUpdate(
                """
                delete from attempt_bucket where key in (
                  select key from attempt_bucket where empty_at <= :now
                  limit :limit for update skip locked)
                """)
            .bind("now", now)
            .bind("limit", limit)
            .execute();
  }

  private static Wait map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Wait(
        row.getObject("blocked_until", OffsetDateTime.class).toInstant(), row.getBoolean("told"));
  }
}
