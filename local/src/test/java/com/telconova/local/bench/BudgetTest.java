package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void at_most_is_met_up_to_the_bound_and_says_by_how_much() {
    assertThat(Budget.START.verdict(450)).isEqualTo("met, 50 % below");
    assertThat(Budget.START.verdict(900)).isEqualTo("met exactly");
    assertThat(Budget.START.verdict(990)).isEqualTo("**not met**, 10 % above");
  }

  @Test
  void at_least_is_met_from_the_bound_on() {
    assertThat(Budget.GET_SHARE.verdict(18)).isEqualTo("met, 50 % above");
    assertThat(Budget.GET_SHARE.verdict(12)).isEqualTo("met exactly");
    assertThat(Budget.GET_SHARE.verdict(6)).isEqualTo("**not met**, 50 % below");
  }

  @Test
  void what_was_not_measured_is_neither_met_nor_missed() {
    assertThat(Budget.EVENT_P99.verdict(Double.NaN)).isEqualTo("not measured");
  }

  @Test
  void bounds_and_figures_have_their_unit() {
    assertThat(Budget.LIST_SHARE.wanted()).isEqualTo("≥ 30 %");
    assertThat(Budget.GET_CPU.wanted()).isEqualTo("≤ 0.400 ms");
    assertThat(Budget.STREAMS.wanted()).isEqualTo("≥ 10,000");
    assertThat(Budget.IDLE_RSS.with(95.96)).isEqualTo("96.0 MiB");
  }

  @Test
  void three_digits_are_shown_and_a_figure_that_is_none_as_a_dash() {
    assertThat(Budget.number(12_345.6)).isEqualTo("12,346");
    assertThat(Budget.number(12.345)).isEqualTo("12.3");
    assertThat(Budget.number(1.2345)).isEqualTo("1.23");
    assertThat(Budget.number(0.12345)).isEqualTo("0.123");
    assertThat(Budget.number(Double.NaN)).isEqualTo("-");
  }
}
