package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PaceTest {
  private static final SqsConsumer.Pace USUAL = SqsConsumer.Pace.of(Duration.ofSeconds(5));

  @ParameterizedTest
  @CsvSource({"0, 5", "1, 5", "2, 10", "3, 20", "4, 40", "5, 80", "9, 900", "2147483647, 900"})
  void a_message_rests_twice_as_long_after_each_failure_less_up_to_half(int receives, int seconds) {
    var rests = IntStream.range(0, 200).mapToObj(_ -> USUAL.retry(receives)).toList();

    assertThat(rests)
        .allMatch(rest -> rest.compareTo(Duration.ofSeconds(seconds)) <= 0)
        .allMatch(rest -> rest.compareTo(Duration.ofMillis(seconds * 500L)) >= 0);
    assertThat(rests.stream().distinct().count()).isGreaterThan(50);
  }

  @Test
  void five_receives_are_over_in_less_than_three_minutes() {
    Duration longest = Duration.ZERO;
    for (int receives = 1; receives <= 5; receives++) {
      longest = longest.plus(USUAL.retry(receives));
    }

    assertThat(longest).isLessThan(Duration.ofMinutes(3));
  }
}
