package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NodePackagesTest {

  @Test
  void only_a_node_that_has_sqlite_without_being_asked_is_new_enough() {
    assertThat(NodePackages.isNewEnough(20, 20)).isFalse();
    assertThat(NodePackages.isNewEnough(22, 12)).isFalse();
    assertThat(NodePackages.isNewEnough(22, 13)).isTrue();
    assertThat(NodePackages.isNewEnough(23, 3)).isFalse();
    assertThat(NodePackages.isNewEnough(23, 4)).isTrue();
    assertThat(NodePackages.isNewEnough(24, 0)).isTrue();
  }
}
