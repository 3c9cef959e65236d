package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class VerdictTest {

  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration QUICK = Duration.ofMillis(20);

  @Test
  void a_sender_with_time_to_spare_is_not_the_limit() {
    assertThat(Verdict.of(0.3, SOON, QUICK, 1_000, 10_000)).isEmpty();
    assertThat(Verdict.of(0.3, SOON, QUICK, 1_000, 0)).isEmpty();
  }

  @Test
  void a_sender_that_never_rests_is() {
    assertThat(Verdict.of(0.9, SOON, QUICK, 1_000, 10_000)).get().asString().contains("90 %");
  }

  @Test
  void a_sender_near_what_it_is_able_to_is() {
    assertThat(Verdict.of(0.3, SOON, QUICK, 8_000, 10_000)).get().asString().contains("80 %");
  }

  @Test
  void a_sender_that_is_late_is_when_that_is_much_of_what_was_measured() {
    var late = Duration.ofMillis(12);

    assertThat(Verdict.of(0.3, late, QUICK, 1_000, 10_000)).get().asString().contains("12.0 ms");
    assertThat(Verdict.of(0.3, late, Duration.ofSeconds(1), 1_000, 10_000)).isEmpty();
  }
}
