package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MixTest {

  @Test
  void a_day_has_one_login_in_some_hundreds_of_requests_and_as_many_assignments_as_orders() {
    var day = Mix.of("day");

    assertThat(day.sum()).isEqualTo(1_000);
    assertThat(day.weights().get(Operation.LOGIN)).isBetween(1, 5);
    assertThat(day.weights().get(Operation.ASSIGN)).isEqualTo(day.weights().get(Operation.CREATE));
  }

  @Test
  void every_operation_is_a_mix_of_its_own() {
    for (var operation : Operation.values()) {
      assertThat(Mix.of(operation.label()).weights()).containsOnlyKeys(operation);
    }
  }

  @Test
  void several_are_weighed() {
    var mix = Mix.of("get=70, list=20,create");

    assertThat(mix.weights())
        .containsEntry(Operation.GET, 70)
        .containsEntry(Operation.LIST, 20)
        .containsEntry(Operation.CREATE, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "night", "get=", "get=many", "get=0", "get=-1", "get=99999", "get,,list"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> Mix.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
