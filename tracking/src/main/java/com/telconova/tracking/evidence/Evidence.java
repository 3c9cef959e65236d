package com.telconova.tracking.evidence;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/// A file that proves something about an order, as the API shows it.
///
/// @param fileName as sent, cleaned; for people, never a path of ours
/// @param contentType by its content, whatever the sender said
/// @param sha256 of its bytes, 64 hexadecimal digits
/// @param objectKey where the store has it
/// @param redaction what only those who supervise see of it
record Evidence(
    UUID id,
    UUID orderId,
    Kind kind,
    String fileName,
    String contentType,
    long sizeBytes,
    String sha256,
    @JsonIgnore String objectKey,
    UUID uploadedBy,
    Instant uploadedAt,
    @JsonIgnore Redaction redaction) {
  /// What it shows.
  enum Kind {
    BEFORE,
    AFTER,
    DOCUMENT,
    SIGNATURE
  }
}
