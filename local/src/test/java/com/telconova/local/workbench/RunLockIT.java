package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.MissingPrerequisite;
import org.junit.jupiter.api.Test;

final class RunLockIT {

  @Test
  void the_second_run_is_told_who_holds_the_checkout_and_the_next_gets_it() throws Exception {
    var folder = Checkout.find().scratch("lock");
    var file = folder.resolve("lock");

    try (var _ = RunLock.take(file)) {
      assertThatThrownBy(() -> RunLock.take(file))
          .isInstanceOf(MissingPrerequisite.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }

    assertThatCode(() -> RunLock.take(file).close()).doesNotThrowAnyException();
    Checkout.delete(folder);
  }
}
