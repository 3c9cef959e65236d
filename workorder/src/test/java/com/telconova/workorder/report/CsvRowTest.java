package com.telconova.workorder.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvRowTest {
  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+57 1", "-2", "@SUM(A1)", "\tx", "\rx"})
  void what_a_spreadsheet_would_compute_stays_a_text(String text) {
    assertThat(CsvRow.text(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "No internet", "1+1", "Calle 100 # 8-60"})
  void any_other_text_stays_what_it_is(String text) {
    assertThat(CsvRow.text(text)).isEqualTo(text);
  }
}
