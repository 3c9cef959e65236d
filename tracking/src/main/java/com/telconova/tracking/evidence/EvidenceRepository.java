package com.telconova.tracking.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// What is known of each file; its bytes are in the store.
final class EvidenceRepository {
  private static final Page.Cursor BEGINNING = new Page.Cursor(Instant.EPOCH, new UUID(0, 0));

  void insert(Handle handle, Evidence evidence) {
    handle
        .createUpdate(
            """
            insert into evidence
              (id, order_id, kind, file_name, content_type, size_bytes, sha256, object_key,
               uploaded_by, uploaded_at, redaction)
            values (:id, :order, :kind, :name, :type, :size, :sha256, :key, :by, :at,
               :redaction::json)
            """)
        .bind("id", evidence.id())
        .bind("order", evidence.orderId())
        .bind("kind", evidence.kind())
        .bind("name", evidence.fileName())
        .bind("type", evidence.contentType())
        .bind("size", evidence.sizeBytes())
        .bind("sha256", HexFormat.of().parseHex(evidence.sha256()))
        .bind("key", evidence.objectKey())
        .bind("by", evidence.uploadedBy())
        .bind("at", evidence.uploadedAt())
        .bind("redaction", json(evidence.redaction()))
        .execute();
  }

  Optional<Evidence> find(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            select id, order_id, kind, file_name, content_type, size_bytes, sha256, object_key,
                   uploaded_by, uploaded_at, redaction
            from evidence where id = :id
            """)
        .bind("id", id)
        .map(EvidenceRepository::map)
        .findOne();
  }

  /// @return false when somebody else deleted it before
  boolean delete(Handle handle, UUID id) {
    return handle.createUpdate("delete from evidence where id = :id").bind("id", id).execute() == 1;
  }

  int count(Handle handle, UUID orderId) {
    return handle
        .createQuery("select count(*) from evidence where order_id = :order")
        .bind("order", orderId)
        .mapTo(Integer.class)
        .one();
  }

  /// The files of an order, oldest first.
  List<Evidence> list(Handle handle, UUID orderId, Page.Request page) {
    Page.Cursor after = page.after() == null ? BEGINNING : page.after();
    return handle
        .createQuery(
            """
            select id, order_id, kind, file_name, content_type, size_bytes, sha256, object_key,
                   uploaded_by, uploaded_at, redaction
            from evidence
            where order_id = :order and (uploaded_at, id) > (:time, :id)
            order by uploaded_at, id
            limit :rows
            """)
        .bind("order", orderId)
        .bind("time", after.time())
        .bind("id", after.id())
        .bind("rows", page.rows())
        .map(EvidenceRepository::map)
        .list();
  }

  private static Evidence map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Evidence(
        row.getObject("id", UUID.class),
        row.getObject("order_id", UUID.class),
        Evidence.Kind.valueOf(row.getString("kind")),
        row.getString("file_name"),
        row.getString("content_type"),
        row.getLong("size_bytes"),
        HexFormat.of().formatHex(row.getBytes("sha256")),
        row.getString("object_key"),
        row.getObject("uploaded_by", UUID.class),
        row.getObject("uploaded_at", OffsetDateTime.class).toInstant(),
        redaction(row.getString("redaction")));
  }

  private static String json(Redaction redaction) {
    return redaction.isEmpty() ? null : Mappers.TOLERANT.valueToTree(redaction).toString();
  }

  private static Redaction redaction(String json) throws SQLException {
    try {
      return json == null ? Redaction.NONE : Mappers.TOLERANT.readValue(json, Redaction.class);
    } catch (JsonProcessingException e) {
      throw new SQLException("evidence.redaction cannot be read", e);
    }
  }
}
