package com.telconova.shared;

import com.telconova.shared.event.ClaimBenchmark;
import com.telconova.shared.event.IdBenchmark;
import com.telconova.shared.testing.HotPaths;
import com.telconova.shared.token.TokenBenchmark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HotPathsIT {

  @ParameterizedTest
  @ValueSource(classes = {TokenBenchmark.class, IdBenchmark.class, ClaimBenchmark.class})
  void what_every_service_does_with_each_request_and_event_is_measured(Class<?> benchmarks)
      throws Exception {
    HotPaths.measure(benchmarks);
  }
}
