package com.telconova.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ScaleTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_scale_ends_at_the_next_round_number() {
    assertThat(Scale.roundUp(1.37, false)).isEqualTo(2);
    assertThat(Scale.roundUp(230, false)).isEqualTo(250);
    assertThat(Scale.roundUp(10, false)).isEqualTo(10);
    assertThat(Scale.roundUp(0.3, false)).isEqualTo(0.5);
    assertThat(Scale.roundUp(0, false)).isEqualTo(1);
    assertThat(Scale.roundUp(100 * 1024, true)).isEqualTo(128 * 1024);
  }

  @Test
  void moments_on_the_axis_are_round_and_few() {
    assertThat(Scale.moments(3 * SECOND, 33 * SECOND, 4))
        .containsExactly(10 * SECOND, 20 * SECOND, 30 * SECOND);
    assertThat(Scale.moments(0, 3_600 * 24 * 30 * SECOND, 4)).hasSizeBetween(1, 5);
    assertThat(Scale.moments(0, 1_000, 4)).hasSizeBetween(1, 4);
  }

  @Test
  void numbers_have_three_digits_and_what_is_not_known_is_said() {
    assertThat(Units.nanos(-1)).isEqualTo("unknown");
    assertThat(Units.nanos(1_234_567)).isEqualTo("1.23 ms");
    assertThat(Units.nanos(999_999)).isEqualTo("1,000 µs");
    assertThat(Units.bytes(13_107_200)).isEqualTo("12.5 MiB");
    assertThat(Units.count(1_000_000)).isEqualTo("1,000,000");
    assertThat(Units.number(Double.NaN)).isEqualTo("unknown");
  }
}
