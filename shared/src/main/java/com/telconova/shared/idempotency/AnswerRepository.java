package com.telconova.shared.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `idempotency_key`. A row older than a day counts as gone.
final class AnswerRepository {
  /// An answer and the request it was given to.
  record Kept(byte[] requestHash, Answer answer) {}

  Optional<Kept> find(Handle handle, Attempt attempt) {
    return handle
        .createQuery(
            """
            select request_hash, status, location, etag, body from idempotency_key
            where id = :id and created_at >= now() - interval '24 hours'
            """)
        .bind("id", attempt.id())
        .map(AnswerRepository::map)
        .findOne();
  }

  /// Keeps every other attempt out until the transaction ends.
  ///
  /// @return false when another attempt is at it
  boolean tryLock(Handle handle, Attempt attempt) {
    return handle
        .createQuery("select pg_try_advisory_xact_lock(:lock)")
        .bind("lock", attempt.lock())
        .mapTo(Boolean.class)
        .one();
  }

  void insert(Handle handle, Attempt attempt, Kept kept) {
    Answer answer = kept.answer();
    handle
        .createUpdate(
            """
            insert into idempotency_key (id, request_hash, status, location, etag, body)
            values (:id, :hash, :status, :location, :etag, :body)
            on conflict (id) do update
            set request_hash = excluded.request_hash, status = excluded.status,
                location = excluded.location, etag = excluded.etag, body = excluded.body,
                created_at = excluded.created_at
            """)
        .bind("id", attempt.id())
        .bind("hash", kept.requestHash())
        .bind("status", answer.status())
        .bind("location", answer.location())
        .bind("etag", answer.etag())
        .bind("body", answer.body())
        .execute();
  }

  private static Kept map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Kept(
        row.getBytes("request_hash"),
        new Answer(
            row.getInt("status"),
            row.getString("location"),
            row.getString("etag"),
            row.getBytes("body")));
  }
}
