package com.telconova.auth.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TotpTest {
  private static final Totp RFC =
      new Totp("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  /// The last six digits of RFC 6238, appendix B.
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codes_are_those_of_the_rfc(long second, String code) {
    assertThat(RFC.match(code, Instant.ofEpochSecond(second), 0)).hasValue(second / 30);
  }

  @Test
  void a_code_counts_one_step_early_or_late_and_no_more() {
    String code = "005924";
    long step = 1234567890 / 30;

    for (long second : new long[] {(step - 1) * 30, step * 30, (step + 2) * 30 - 1}) {
      assertThat(RFC.match(code, Instant.ofEpochSecond(second), 0)).hasValue(step);
    }
    for (long second : new long[] {(step - 1) * 30 - 1, (step + 2) * 30}) {
      assertThat(RFC.match(code, Instant.ofEpochSecond(second), 0)).isEmpty();
    }
  }

  @Test
  void a_step_that_was_taken_and_one_before_it_count_no_more() {
    Instant now = Instant.ofEpochSecond(1234567890);
    long step = 1234567890 / 30;

    assertThat(RFC.match("005924", now, step - 1)).hasValue(step);
    assertThat(RFC.match("005924", now, step)).isEmpty();
    assertThat(RFC.match("005924", now, step + 1)).isEmpty();
  }

  @Test
  void anything_else_is_no_code() {
    for (String text :
        new String[] {"", "5924", "00592", "0059245", "٠٠٥٩٢٤", "005 924", "abcdef"}) {
      assertThat(Totp.isCode(text)).as(text).isFalse();
      assertThat(RFC.match(text, Instant.ofEpochSecond(1234567890), 0)).as(text).isEmpty();
    }
    assertThat(Totp.isCode("005924")).isTrue();
  }

  @Test
  void an_authenticator_reads_the_uri() {
    assertThat(RFC.uri("ana+x@example.com"))
        .isEqualTo(
            "otpauth://totp/MicroFlow:ana%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=MicroFlow&algorithm=SHA1&digits=6&period=30");
  }

  @Test
  void secrets_are_random_and_do_not_show() {
    SecureRandom random = new SecureRandom();

    assertThat(Totp.random(random).text()).hasSize(32).isNotEqualTo(Totp.random(random).text());
    assertThat(RFC).hasToString("***");
  }
}
