package com.telconova.auth.factor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `totp` and `recovery_code`. Whoever changes them holds the user's row.
final class FactorRepository {
  /// A factor as it lies in the database.
  ///
  /// @param confirmedAt empty while it is not asked for
  /// @param lastStep the step of the last code that was taken; 0 before the first
  record Row(byte[] sealed, Instant startedAt, Optional<Instant> confirmedAt, long lastStep) {}

  Optional<Row> find(Handle handle, UUID user) {
    return handle
        .createQuery(
            """
            select secret_encrypted, started_at, confirmed_at, last_step from totp
            where user_id = :user
            """)
        .bind("user", user)
        .map(FactorRepository::map)
        .findOne();
  }

  boolean isConfirmed(Handle handle, UUID user) {
    return handle
        .createQuery(
            """
            select exists (
              select 1 from totp where user_id = :user and confirmed_at is not null)
            """)
        .bind("user", user)
        .mapTo(Boolean.class)
        .one();
  }

  /// Takes the place of one that was never confirmed, and of no other.
  void start(Handle handle, UUID user, byte[] sealed, Instant now) {
    handle
        .createUpdate(
            """
            insert into totp (user_id, secret_encrypted, started_at)
            values (:user, :sealed, :now)
            on conflict (user_id) do update
            set secret_encrypted = :sealed, started_at = :now
            where totp.confirmed_at is null
            """)
        .bind("user", user)
        .bind("sealed", sealed)
        .bind("now", now)
        .execute();
  }

  void confirm(Handle handle, UUID user, long step, Instant now) {
    handle
        .createUpdate(
            "update totp set confirmed_at = :now, last_step = :step where user_id = :user")
        .bind("now", now)
        .bind("step", step)
        .bind("user", user)
        .execute();
  }

  /// Takes the code of a step, once.
  ///
  /// @return whether it was not taken before, nor a later one
  boolean take(Handle handle, UUID user, long step) {
    return handle
            .createUpdate(
                "update totp set last_step = :step where user_id = :user and last_step < :step")
            .bind("step", step)
            .bind("user", user)
            .execute()
        == 1;
  }

  /// Takes a recovery code, once.
  ///
  /// @return whether there was one and it was not taken before
  boolean takeCode(Handle handle, UUID user, byte[] hash, Instant now) {
    return handle
            .createUpdate(
                """
                update recovery_code set used_at = :now
                where user_id = :user and hash = :hash and used_at is null
                """)
            .bind("now", now)
            .bind("user", user)
            .bind("hash", hash)
            .execute()
        == 1;
  }

  int countCodes(Handle handle, UUID user) {
    return handle
        .createQuery("select count(*) from recovery_code where user_id = :user and used_at is null")
        .bind("user", user)
        .mapTo(Integer.class)
        .one();
  }

  void replaceCodes(Handle handle, UUID user, List<byte[]> hashes) {
    handle
        .createUpdate("delete from recovery_code where user_id = :user")
        .bind("user", user)
        .execute();
    PreparedBatch batch =
        handle.prepareBatch("insert into recovery_code (user_id, hash) values (:user, :hash)");
    hashes.forEach(hash -> batch.bind("user", user).bind("hash", hash).add());
    batch.execute();
  }

  /// @return whether there was a confirmed one
  boolean delete(Handle handle, UUID user) {
    return handle
            .createUpdate("delete from totp where user_id = :user and confirmed_at is not null")
            .bind("user", user)
            .execute()
        == 1;
  }

  private static Row map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Row(
        row.getBytes("secret_encrypted"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("confirmed_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        row.getLong("last_step"));
  }
}
