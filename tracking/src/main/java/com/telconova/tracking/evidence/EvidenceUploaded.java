package com.telconova.tracking.evidence;

import java.util.UUID;

/// The data of the event `tracking.evidence_uploaded`, and of the timeline's entry.
record EvidenceUploaded(
    UUID orderId,
    UUID evidenceId,
    Evidence.Kind kind,
    String fileName,
    String contentType,
    long sizeBytes,
    String sha256,
    UUID uploadedBy) {
  static final String TYPE = "tracking.evidence_uploaded";

  static EvidenceUploaded of(Evidence evidence) {
    return new EvidenceUploaded(
        evidence.orderId(),
        evidence.id(),
        evidence.kind(),
        evidence.fileName(),
        evidence.contentType(),
        evidence.sizeBytes(),
        evidence.sha256(),
        evidence.uploadedBy());
  }
}
