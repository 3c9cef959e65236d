package com.telconova.auth.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class RecoveryCodeTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "HmacSHA256");
  private static final UUID USER = UUID.randomUUID();

  private final RecoveryCode code = RecoveryCode.random(new SecureRandom());

  @Test
  void however_it_is_typed_it_is_the_same() {
    String text = code.text();

    assertThat(text).matches("[a-z2-7]{4}(-[a-z2-7]{4}){3}");
    for (String typed :
        new String[] {
          text, text.toUpperCase(Locale.ROOT), text.replace("-", ""), " " + text.replace('-', ' ')
        }) {
      assertThat(RecoveryCode.find(typed).orElseThrow().hash(USER, KEY))
          .isEqualTo(code.hash(USER, KEY));
    }
  }

  @Test
  void of_another_user_it_is_another() {
    assertThat(code.hash(UUID.randomUUID(), KEY)).isNotEqualTo(code.hash(USER, KEY)).hasSize(32);
  }

  @Test
  void anything_else_is_none() {
    for (String text : new String[] {"", "123456", "aaaa-aaaa-aaaa-aaa", "aaaa-aaaa-aaaa-aaa1"}) {
      assertThat(RecoveryCode.find(text)).as(text).isEmpty();
    }
    assertThat(code).hasToString("***");
  }
}
