package com.telconova.auth.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `signing_key`.
final class SigningKeyRepository {
  /// As many as a JWK set may hold; rotation keeps it to a handful.
  private static final int LIMIT = 100;

  /// A key as it lies in the database.
  ///
  /// @param publicKey X.509, not secret
  /// @param sealed PKCS #8, encrypted by [KeySeal]
  record Row(String kid, byte[] publicKey, byte[] sealed, Instant createdAt) {}

  /// Serialises, until the transaction ends, those who would make the first key.
  void lock(Handle handle) {
    handle.execute("select pg_advisory_xact_lock(7305804402566922603)");
  }

  /// Every key, newest first.
  List<Row> list(Handle handle) {
    return handle
        .createQuery(
            """
            select kid, public_key, private_key_encrypted, created_at from signing_key
            order by created_at desc, kid
            limit :limit
            """)
        .bind("limit", LIMIT)
        .map(SigningKeyRepository::map)
        .list();
  }

  void insert(Handle handle, Row row) {
    handle
        .createUpdate(
            """
            insert into signing_key (kid, public_key, private_key_encrypted, created_at)
            values (:kid, :public, :sealed, :created)
            """)
        .bind("kid", row.kid())
        .bind("public", row.publicKey())
        .bind("sealed", row.sealed())
        .bind("created", row.createdAt())
        .execute();
  }

  private static Row map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Row(
        row.getString("kid"),
        row.getBytes("public_key"),
        row.getBytes("private_key_encrypted"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
