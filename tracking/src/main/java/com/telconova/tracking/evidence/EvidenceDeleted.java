package com.telconova.tracking.evidence;

import java.util.UUID;

/// The data of the timeline's entry that is left of a file. No event tells of it.
record EvidenceDeleted(
    UUID orderId,
    UUID evidenceId,
    Evidence.Kind kind,
    String fileName,
    String contentType,
    long sizeBytes,
    String sha256,
    UUID uploadedBy,
    UUID deletedBy) {
  static final String TYPE = "tracking.evidence_deleted";

  static EvidenceDeleted of(Evidence evidence, UUID deletedBy) {
    return new EvidenceDeleted(
        evidence.orderId(),
        evidence.id(),
        evidence.kind(),
        evidence.fileName(),
        evidence.contentType(),
        evidence.sizeBytes(),
        evidence.sha256(),
        evidence.uploadedBy(),
        deletedBy);
  }
}
