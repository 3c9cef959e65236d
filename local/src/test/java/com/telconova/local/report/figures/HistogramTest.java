package com.telconova.local.report.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HistogramTest {

  private final Histogram histogram = new Histogram();

  @Test
  void quantiles_are_within_a_sixtieth_and_the_longest_is_exact() {
    var random = new SplittableRandom(7);
    var values = random.longs(20_000, 0, 1L << 40).map(v -> v >>> random.nextInt(40)).toArray();
    for (long value : values) {
      histogram.add(value);
    }
    Arrays.sort(values);

    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
      long exact = values[(int) Math.ceil(share * values.length) - 1];
      assertThat((double) histogram.quantile(share)).isCloseTo(exact, within(exact * 0.016 + 0.5));
    }
    assertThat(histogram.quantile(1)).isEqualTo(values[values.length - 1]);
    assertThat(histogram.sum()).isEqualTo(Arrays.stream(values).sum());
  }

  @Test
  void one_duration_is_every_quantile() {
    histogram.add(1_234_567);

    assertThat(histogram.quantile(0.01)).isEqualTo(1_234_567);
    assertThat(histogram.quantile(0.99)).isEqualTo(1_234_567);
  }

  @Test
  void without_any_nothing_is_told() {
    assertThat(histogram.count()).isZero();
    assertThat(histogram.quantile(0.5)).isZero();
  }

  @Test
  void extremes_have_a_place() {
    histogram.add(-5);
    histogram.add(Long.MAX_VALUE);

    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.max()).isEqualTo(Long.MAX_VALUE);
  }
}
