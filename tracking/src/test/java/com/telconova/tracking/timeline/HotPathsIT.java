package com.telconova.tracking.timeline;

import com.telconova.shared.testing.HotPaths;
import org.junit.jupiter.api.Test;

final class HotPathsIT {

  @Test
  void a_link_of_the_chain_is_measured() throws Exception {
    HotPaths.measure(ChainBenchmark.class);
  }
}
