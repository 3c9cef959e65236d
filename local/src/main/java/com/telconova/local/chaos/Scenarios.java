package com.telconova.local.chaos;

import java.util.List;

/// All there are.
final class Scenarios {
  private Scenarios() {}

  /// In the order in which they are told of in `docs/delivery.md`.
  static List<Scenario> all() {
    return List.of(new KillWriter(), new RelayDies(), new ConsumerDies());
  }
}
