package com.telconova.local.chaos;

import com.telconova.local.chaos.CrashPoints.Point;
import java.time.Duration;

/// A process that dies at the same place again and again, with a new order each time.
final class Crashes {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Crashes() {}

  /// @param service whose process dies
  static void of(Lab lab, String service, Point point, int times) throws Exception {
    var dying = lab.service(service);
    var title = Lab.title("Crash");
    for (int time = 1; time <= times; time++) {
      lab.crashPoints().arm(dying, point);
      // The client asks again when workorder dies before it has answered.
      try (var create = KeyedCreates.start(lab, lab.people().client(), title + " " + time, 1, 1)) {
        lab.crashPoints().awaitStruck(dying, point);
        dying.awaitEnd();
        lab.revive(dying);
        create.finish(PATIENCE);
      }
      lab.progress("%d of %d deaths", time, times);
    }
  }
}
