package com.telconova.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MasterKeyTest {
  private static final String TEXT = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void each_purpose_has_a_key_of_its_own_and_always_the_same() {
    MasterKey master = MasterKey.fromBase64(TEXT);

    byte[] one = master.derive("one", "AES").getEncoded();
    byte[] again = MasterKey.fromBase64(TEXT).derive("one", "AES").getEncoded();
    byte[] other = master.derive("other", "AES").getEncoded();

    assertThat(one).hasSize(32).isEqualTo(again).isNotEqualTo(other);
  }

  /// Python's `hmac`, twice, as RFC 5869 describes, gives the same.
  @Test
  void a_derived_key_is_what_rfc_5869_says() {
    byte[] key = MasterKey.fromBase64(TEXT).derive("label", "AES").getEncoded();

    assertThat(HexFormat.of().formatHex(key))
        .isEqualTo("63787e3b0f7507950a3e4f321edb63b92978770da0d2b70d2a8ce1ca5b7b2413");
  }

  @Test
  void it_has_exactly_32_bytes() {
    for (int bytes : new int[] {0, 16, 31, 33, 64}) {
      String text = Base64.getEncoder().encodeToString(new byte[bytes]);

      assertThatThrownBy(() -> MasterKey.fromBase64(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> MasterKey.fromBase64("not base64!"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void it_does_not_show_itself() {
    assertThat(MasterKey.fromBase64(TEXT)).hasToString("***");
  }
}
