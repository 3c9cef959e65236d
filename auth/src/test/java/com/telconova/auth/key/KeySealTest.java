package com.telconova.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class KeySealTest {
  private static final byte[] SECRET = "the private key".getBytes(StandardCharsets.UTF_8);

  private final KeySeal seal = new KeySeal(master((byte) 1));

  @Test
  void what_was_closed_opens_again() {
    assertThat(seal.open("kid", seal.close("kid", SECRET))).hasValue(SECRET);
  }

  @Test
  void closing_twice_never_looks_the_same() {
    assertThat(seal.close("kid", SECRET)).isNotEqualTo(seal.close("kid", SECRET));
  }

  @Test
  void it_opens_for_no_other_key_id_and_under_no_other_master_key() {
    byte[] sealed = seal.close("kid", SECRET);

    assertThat(seal.open("other", sealed)).isEmpty();
    assertThat(new KeySeal(master((byte) 2)).open("kid", sealed)).isEmpty();
  }

  @Test
  void it_does_not_open_when_any_bit_was_turned_or_any_byte_is_missing() {
    byte[] sealed = seal.close("kid", SECRET);

    for (int at = 0; at < sealed.length; at++) {
      byte[] turned = sealed.clone();
      turned[at] ^= 1;
      assertThat(seal.open("kid", turned)).isEmpty();
      assertThat(seal.open("kid", java.util.Arrays.copyOf(sealed, at))).isEmpty();
    }
  }

  private static MasterKey master(byte first) {
    byte[] bytes = new byte[32];
    bytes[0] = first;
    return MasterKey.fromBase64(Base64.getEncoder().encodeToString(bytes));
  }
}
