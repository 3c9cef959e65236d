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
  /// As many as a JWK set may hold; rotation keeps it to two.
  private static final int LIMIT = 100;

  /// A key as it lies in the database.
  ///
  /// @param publicKey X.509, not secret
  /// @param sealed PKCS #8, encrypted by [KeySeal]
  record Row(String kid, byte[] publicKey, byte[] sealed, Instant createdAt, Instant signsFrom) {}

  /// Serialises, until the transaction ends, those who would make or remove a key.
  void lock(Handle handle) {
    handle.execute("select pg_advisory_xact_lock(7305804402566922603)");
  }

  /// Every key, the one that signs last first.
  List<Row> list(Handle handle) {
    return handle
        .createQuery(
            """
            select kid, public_key, private_key_encrypted, created_at, signs_from
            from signing_key
            order by signs_from desc, kid
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
            insert into signing_key
              (kid, public_key, private_key_encrypted, created_at, signs_from)
            values (:kid, :public, :sealed, :created, :from)
            """)
        .bind("kid", row.kid())
        .bind("public", row.publicKey())
        .bind("sealed", row.sealed())
        .bind("created", row.createdAt())
        .bind("from", row.signsFrom())
        .execute();
  }

  void delete(Handle handle, String kid) {
    handle.createUpdate("delete from signing_key where kid = :kid").bind("kid", kid).execute();
  }

  private static Row map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Row(
        row.getString("kid"),
        row.getBytes("public_key"),
        row.getBytes("private_key_encrypted"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("signs_from", OffsetDateTime.class).toInstant());
  }
}
