package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void the_median_is_in_the_middle_or_halfway_between_the_two_there() {
    assertThat(Series.of(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
    assertThat(Series.of(List.of(9.0, 1.0, 5.0, 6.0)).median()).isEqualTo(5.5);
    assertThat(Series.of(List.of()).median()).isNaN();
  }

  @Test
  void a_percentile_is_a_figure_that_was_measured() {
    var series = Series.of(List.of(40.0, 10.0, 30.0, 20.0));

    assertThat(series.percentile(50)).isEqualTo(20);
    assertThat(series.percentile(75)).isEqualTo(30);
    assertThat(series.percentile(99)).isEqualTo(40);
    assertThat(series.percentile(0)).isEqualTo(10);
    assertThat(Series.of(List.of()).percentile(99)).isNaN();
  }

  @Test
  void the_spread_is_from_the_least_to_the_most() {
    assertThat(Series.of(List.of(3.0, 1.0, 2.0)).spread()).isEqualTo("1 to 3");
    assertThat(Series.of(List.of()).spread()).isEqualTo("-");
  }
}
