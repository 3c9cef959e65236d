package com.telconova.local.bench;

import java.util.List;

/// Every part, in the order in which they run.
final class Parts {
  private Parts() {}

  static List<Part> all() {
    return List.of(
        new Size(),
        new Idle(),
        new Starts(),
        new EventPath(),
        new Streams(),
        new Rate(Rate.What.GET),
        new Rate(Rate.What.LIST),
        new Rate(Rate.What.CREATE),
        new Scaling(),
        new Memory());
  }
}
