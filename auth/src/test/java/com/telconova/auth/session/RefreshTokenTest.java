package com.telconova.auth.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class RefreshTokenTest {
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "HmacSHA256");

  private final RefreshToken token = RefreshToken.random(new SecureRandom());

  @Test
  void it_has_one_successor_and_only_under_one_key() {
    SecretKeySpec other = new SecretKeySpec(new byte[] {1}, "HmacSHA256");

    assertThat(token.successor(KEY).text()).isEqualTo(token.successor(KEY).text());
    assertThat(token.successor(KEY).text())
        .isNotEqualTo(token.text())
        .isNotEqualTo(token.successor(other).text())
        .isNotEqualTo(token.successor(KEY).successor(KEY).text());
  }

  @Test
  void its_text_leads_back_to_it() {
    RefreshToken found = RefreshToken.find(token.text()).orElseThrow();

    assertThat(found.hash()).isEqualTo(token.hash()).hasSize(32);
  }

  @Test
  void what_cannot_be_one_is_not_looked_up() {
    String text = token.text();

    assertThat(RefreshToken.find("")).isEmpty();
    assertThat(RefreshToken.find(text + "A")).isEmpty();
    assertThat(RefreshToken.find(text.substring(1))).isEmpty();
    assertThat(RefreshToken.find(text.substring(1) + "+")).isEmpty();
    assertThat(RefreshToken.find(text + "\n")).isEmpty();
  }

  @Test
  void it_does_not_show_itself() {
    assertThat(token).hasToString("***");
  }
}
