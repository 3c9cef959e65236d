package com.telconova.auth.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.auth.account.Email;
import com.telconova.auth.audit.Origin;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class ResetTokenTest {
  private static final SecretKey KEY = key(1);
  private static final Origin ORIGIN = new Origin("203.0.113.7", "tests/1.0");
  private static final ResetRequest REQUEST =
      new ResetRequest(
          UUID.fromString("01920000-0000-7000-8000-00000000000a"),
          new Email("ana@example.com"),
          ORIGIN,
          true,
          Instant.parse("2026-03-01T12:00:00.000001Z"),
          null);

  @Test
  void a_request_has_the_same_token_however_often_its_mail_is_made() {
    ResetToken token = ResetToken.of(REQUEST, KEY);

    assertThat(ResetToken.of(REQUEST, KEY).text()).isEqualTo(token.text()).hasSize(43);
    assertThat(ResetToken.find(token.text()).orElseThrow().hash()).isEqualTo(token.hash());
  }

  @Test
  void another_request_another_round_and_another_key_have_another() {
    ResetRequest other =
        new ResetRequest(
            UUID.randomUUID(), REQUEST.email(), ORIGIN, true, REQUEST.expiresAt(), null);
    ResetRequest later =
        new ResetRequest(
            REQUEST.id(),
            REQUEST.email(),
            ORIGIN,
            true,
            REQUEST.expiresAt().plusNanos(1_000),
            null);

    assertThat(
            List.of(
                ResetToken.of(REQUEST, KEY).text(),
                ResetToken.of(other, KEY).text(),
                ResetToken.of(later, KEY).text(),
                ResetToken.of(REQUEST, key(2)).text()))
        .doesNotHaveDuplicates();
  }

  @Test
  void what_is_no_token_is_not_taken_for_one() {
    for (String text : List.of("", "x", "A".repeat(42), "A".repeat(44), "=".repeat(43))) {
      assertThat(ResetToken.find(text)).isEmpty();
    }
  }

  @Test
  void it_can_be_printed_without_harm() {
    assertThat(ResetToken.of(REQUEST, KEY).toString()).isEqualTo("***");
  }

  private static SecretKey key(int first) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) first;
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
