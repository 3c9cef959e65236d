package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-99, 0, 99",
    "bytes=10-, 10, 99",
    "bytes=10-1000, 10, 99",
    "bytes=99-99, 99, 99",
    "bytes=-1, 99, 99",
    "bytes=-100, 0, 99",
    "bytes=-500, 0, 99",
    "BYTES= 3-4 , 3, 4",
    "bytes=0-999999999999999999, 0, 99"
  })
  void a_part_lies_within_the_file(String header, long first, long last) {
    assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Part(first, last));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void what_the_file_does_not_have_is_nowhere(String header) {
    assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Nowhere());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=5-4",
        "bytes=-",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "items=0-1",
        "bytes=1",
        "",
        "bytes=0-99999999999999999999"
      })
  void what_is_no_single_range_is_left_unheeded(String header) {
    assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Whole());
  }

  @Test
  void without_a_range_it_is_the_whole() {
    assertThat(ByteRange.of(null, 100)).isEqualTo(new ByteRange.Whole());
  }
}
