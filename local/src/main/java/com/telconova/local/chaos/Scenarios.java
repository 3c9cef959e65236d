package com.telconova.local.chaos;

import java.util.List;

/// All there are.
final class Scenarios {
  private Scenarios() {}

  /// In the order in which they are told of in `docs/delivery.md`.
  static List<Scenario> all() {
    return List.of(
        new KillWriter(),
        new RelayDies(),
        new ConsumerDies(),
        new FrozenRelay(),
        new HalfPublished(),
        new LargeEvents(),
        new Poison(),
        new SlowHandler(),
        new StopInFlight(),
        new QueueAway(),
        new DatabaseCrash(),
        new DatabaseSilent(),
        new RollingRestart(),
        new RacingSaga());
  }
}
