package com.telconova.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OriginTest {
  @Test
  void a_device_is_one_line_of_up_to_200_characters() {
    assertThat(Origin.of("::1", "curl/8\r\nX: y\t\u0007").device()).isEqualTo("curl/8  X: y");
    assertThat(Origin.of("::1", "x".repeat(300)).device()).hasSize(200);
  }

  @Test
  void a_device_that_says_nothing_of_itself_is_unknown() {
    assertThat(Origin.of("::1", null).device()).isEqualTo("unknown");
    assertThat(Origin.of("::1", " ").device()).isEqualTo("unknown");
  }
}
