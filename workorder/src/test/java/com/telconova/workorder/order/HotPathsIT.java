package com.telconova.workorder.order;

import com.telconova.shared.testing.HotPaths;
import org.junit.jupiter.api.Test;

final class HotPathsIT {

  @Test
  void the_json_of_orders_is_measured() throws Exception {
    HotPaths.measure(OrderJsonBenchmark.class);
  }
}
