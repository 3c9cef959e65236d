package com.telconova.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.token.JwkSet;
import com.telconova.shared.token.JwkSet.Jwk;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SigningKeyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final SigningKey key = SigningKey.generate(NOW, NOW);

  @Test
  void its_id_is_its_public_keys_thumbprint_so_no_other_key_takes_it() {
    SigningKey other = SigningKey.generate(NOW, NOW);

    assertThat(key.kid()).hasSize(43).isNotEqualTo(other.kid());
    assertThatThrownBy(
            () -> new SigningKey(key.kid(), other.publicKey(), other.privateKey(), NOW, NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Key and thumbprint of RFC 9449 §6.1, computed elsewhere.
  @Test
  void the_thumbprint_is_that_of_rfc_7638() {
    Jwk jwk =
        new Jwk(
            "EC",
            "P-256",
            "x",
            "sig",
            "ES256",
            "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");
    ECPublicKey published = new JwkSet(List.of(jwk)).toKeys().get("x");

    String thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    assertThat(new SigningKey(thumbprint, published, key.privateKey(), NOW, NOW).kid())
        .isEqualTo(thumbprint);
  }

  @Test
  void its_published_half_leads_back_to_the_public_key_and_has_nothing_private() {
    assertThat(new JwkSet(List.of(key.jwk())).toKeys().get(key.kid())).isEqualTo(key.publicKey());
    assertThat(key.jwk().toString()).doesNotContain(key.privateKey().getS().toString(16));
  }
}
