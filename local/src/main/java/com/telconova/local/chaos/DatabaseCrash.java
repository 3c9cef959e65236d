package com.telconova.local.chaos;

import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;

/// PostgreSQL ends as in a crash while orders are written, and comes back.
final class DatabaseCrash implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration READY = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "database-crash";
  }

  @Override
  public String fault() {
    return "PostgreSQL `immediate` shutdown 20 times while orders are written";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int times = scale.of(1, 20);
    int total = scale.of(60, 4_000);
    long longest = 0;
    try (var creates = KeyedCreates.start(lab, lab.silent(), Lab.title("Crashed"), total, 8)) {
      for (int time = 1; time <= times; time++) {
        creates.awaitDone(total * time / (times + 1), PATIENCE);
        lab.bench().postgres().crash();
        lab.bench().postgres().startAgain();
        longest = Math.max(longest, awaitReady(lab));
        lab.progress("%d crashes, %,d of %,d orders", time, creates.done(), total);
      }
      creates.finish(PATIENCE);
      lab.checker().awaitQuiet();
      Lab.none(lab.checker().faults());
      return "%d crashes, %,d orders: 0 acknowledged writes lost; all services ready %.1f s after it was back, at most"
          .formatted(times, total, longest / 1_000.0);
    }
  }

  /// Milliseconds until every service says that it is ready.
  private static long awaitReady(Lab lab) {
    long back = System.nanoTime();
    for (var service : lab.bench().services()) {
      Condition.await(
          service.label() + " is ready",
          READY,
          service::isReady,
          ready -> ready,
          _ -> "it was not within " + READY.toSeconds() + " s");
    }
    long millis = (System.nanoTime() - back) / 1_000_000;
    if (millis > READY.toMillis()) {
      throw new StepFailed("ready after " + millis + " ms only");
    }
    return millis;
  }
}
