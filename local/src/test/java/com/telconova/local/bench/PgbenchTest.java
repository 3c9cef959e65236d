package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.local.steps.StepFailed;
import org.junit.jupiter.api.Test;

class PgbenchTest {
  private static final String OUTPUT =
      """
      pgbench (15.18 (Debian 15.18-0+deb12u1), server 18.6)
      transaction type: get.sql
      scaling factor: 1
      query mode: prepared
      number of clients: 10
      number of threads: 2
      maximum number of tries: 1
      duration: 10 s
      number of transactions actually processed: 294961
      number of failed transactions: 0 (0.000%)
      latency average = 0.339 ms
      initial connection time = 18.511 ms
      tps = 29496.123456 (without initial connection time)
      """;

  @Test
  void its_rate_is_read_from_what_it_prints() {
    assertThat(Pgbench.rate(OUTPUT)).isEqualTo(29496.123456);
  }

  @Test
  void a_rate_with_failures_in_it_is_none() {
    var failed = OUTPUT.replace("transactions: 0 (0.000%)", "transactions: 3 (0.001%)");

    assertThatThrownBy(() -> Pgbench.rate(failed))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("3 of pgbench's transactions failed");
  }

  @Test
  void without_a_rate_its_error_is_told() {
    var output = "pgbench: warning\npgbench: error: client 0 script 0 aborted: no such table\n";

    assertThatThrownBy(() -> Pgbench.rate(output))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("no such table");
  }
}
