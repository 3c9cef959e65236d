package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EvidenceUploadedTest {
  private static final UUID ID = UUID.fromString("0198c1de-0000-7000-8000-000000000001");
  private static final UUID ORDER = UUID.fromString("0198c1de-0000-7000-8000-000000000002");
  private static final UUID ANA = UUID.fromString("0198c1de-0000-7000-8000-000000000003");
  private static final Evidence EVIDENCE =
      new Evidence(
          ID,
          ORDER,
          Evidence.Kind.AFTER,
          "roof.jpg",
          "image/jpeg",
          42,
          "ab".repeat(32),
          "secret/key",
          ANA,
          Instant.parse("2026-03-02T13:00:00.000123Z"),
          Redaction.NONE);

  @Test
  void evidence_uploaded_says_on_the_wire() throws Exception {
    assertThat(Mappers.TOLERANT.writeValueAsString(EvidenceUploaded.of(EVIDENCE)))
        .isEqualTo(
            """
            {"orderId":"0198c1de-0000-7000-8000-000000000002",\
            "evidenceId":"0198c1de-0000-7000-8000-000000000001","kind":"AFTER",\
            "fileName":"roof.jpg","contentType":"image/jpeg","sizeBytes":42,\
            "sha256":"%s","uploadedBy":"0198c1de-0000-7000-8000-000000000003"}\
            """
                .formatted("ab".repeat(32)));
  }

  @Test
  void the_api_shows_a_file_without_saying_where_it_lies() throws Exception {
    assertThat(Mappers.TOLERANT.writeValueAsString(EVIDENCE))
        .isEqualTo(
            """
            {"id":"0198c1de-0000-7000-8000-000000000001",\
            "orderId":"0198c1de-0000-7000-8000-000000000002","kind":"AFTER",\
            "fileName":"roof.jpg","contentType":"image/jpeg","sizeBytes":42,\
            "sha256":"%s","uploadedBy":"0198c1de-0000-7000-8000-000000000003",\
            "uploadedAt":"2026-03-02T13:00:00.000123Z"}\
            """
                .formatted("ab".repeat(32)));
  }
}
