package com.telconova.local.chaos;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// workorder is killed while clients create orders, each with a key and as often as it takes.
final class KillWriter implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "kill-writer";
  }

  @Override
  public String fault() {
    return "kill -9 workorder 50 times during 10,000 creates that clients repeat";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int total = scale.of(150, 10_000);
    int kills = scale.of(1, 50);
    var workorder = lab.service("workorder");
    try (var creates = KeyedCreates.start(lab, lab.silent(), Lab.title("Killed"), total, 16)) {
      for (int kill = 1; kill <= kills; kill++) {
        // Spread over all of them, and at no particular moment of any.
        creates.awaitDone(total * kill / (kills + 1), PATIENCE);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
        workorder.signal("KILL");
        workorder.awaitEnd();
        lab.revive(workorder);
        lab.progress("%d kills, %,d of %,d orders", kill, creates.done(), total);
      }
      creates.finish(PATIENCE);
      lab.checker().awaitQuiet();
      Lab.none(lab.checker().faults());
      return "%d kills, %,d creates, sent again %,d times, %,d of which had been done: %,d orders, each once on its timeline"
          .formatted(kills, total, creates.retries(), creates.unanswered(), total);
    }
  }
}
