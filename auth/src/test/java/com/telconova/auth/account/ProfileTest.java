package com.telconova.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.auth.account.Profile.Language;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProfileTest {
  @Test
  void a_name_is_one_line_of_up_to_200_characters() {
    assertThat(profile("🐢".repeat(200), null).name()).hasSize(400);
    for (String name :
        List.of("", " ", "🐢".repeat(201), "Ana\nBcc: all", "Ana\u2028", "A\u0007")) {
      assertThatThrownBy(() -> profile(name, null)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_phone_number_is_e164() {
    assertThat(profile("Ana", "+573001234567").phone()).hasValue("+573001234567");
    for (String phone :
        List.of("", "3001234567", "+0573001234", "+57 300 123", "+123456", "+1234567890123456")) {
      assertThatThrownBy(() -> profile("Ana", phone)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_language_is_found_by_its_tag_alone() {
    assertThat(Language.find("es")).hasValue(Language.ES);
    assertThat(Language.find("en")).hasValue(Language.EN);
    assertThat(Language.find("ES")).isEmpty();
    assertThat(Language.find("es-CO")).isEmpty();
  }

  private static Profile profile(String name, String phone) {
    return new Profile(
        name,
        Optional.ofNullable(phone),
        Language.ES,
        Profile.DEFAULT_TIME_ZONE,
        NotificationPreferences.NONE);
  }
}
