package com.telconova.tracking.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetriesTest {
  private final Retries retries = Retries.STANDARD;

  @Test
  void each_pause_is_four_times_the_last() {
    assertThat(IntStream.rangeClosed(1, 4).mapToObj(retries::pauseAfter))
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(80),
            Duration.ofSeconds(320));
  }

  @Test
  void who_is_not_known_is_asked_for_ever_more_rarely() {
    assertThat(retries.pauseForRecipient(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
    assertThat(retries.pauseForRecipient(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(30));
    assertThat(retries.pauseForRecipient(Duration.ofHours(5))).isEqualTo(Duration.ofMinutes(5));
  }
}
