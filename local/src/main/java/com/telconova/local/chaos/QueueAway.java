package com.telconova.local.chaos;

import com.telconova.local.footprint.Footprint;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// SNS and SQS cannot be reached while orders keep coming.
final class QueueAway implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double GROWTH = 1.10;
  private static final int MEBI = 1024 * 1024;

  @Override
  public String name() {
    return "queue-away";
  }

  @Override
  public String fault() {
    return "SNS and SQS unreachable for 2 minutes at 100 orders/s";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int seconds = scale.of(5, 120);
    int perSecond = scale.of(20, 100);
    int total = seconds * perSecond;
    // Just started, a process grows by what it learns.
    try (var warm =
        KeyedCreates.start(
            lab, lab.silent(), Lab.title("Warm"), scale.of(50, 3_000), 32, perSecond)) {
      warm.finish(PATIENCE);
    }
    var memory = new ArrayList<Long>();
    lab.wires().aws(Wire::cut);
    try (var creates =
        KeyedCreates.start(lab, lab.silent(), Lab.title("Alone"), total, 64, perSecond)) {
      for (int second = 1; second <= seconds; second++) {
        creates.awaitDone(second * perSecond * 9 / 10, PATIENCE);
        memory.add(Footprint.of(lab.service("workorder").pid()).orElseThrow().residentBytes());
        lab.progress("%d s, %,d of %,d orders", second, creates.done(), total);
      }
      creates.finish(PATIENCE);
      if (creates.atFirstTry() != total) {
        throw new StepFailed("not every write was accepted: " + creates.refusals());
      }
    }
    long backlog = lab.checker().unsent("workorder");
    lab.wires().aws(Wire::mend);
    long mended = System.nanoTime();
    lab.checker().awaitQuiet(PATIENCE);
    double drained = (System.nanoTime() - mended) / 1e9;
    Lab.none(lab.checker().faults());
    double before = mean(memory.subList(0, memory.size() / 4 + 1));
    double after = mean(memory.subList(memory.size() * 3 / 4, memory.size()));
    if (backlog < total) {
      throw new StepFailed("only %d events waited: the queue was there".formatted(backlog));
    }
    if (scale == Scale.FULL && after > GROWTH * before) {
      throw new StepFailed(
          "workorder grew from %.0f to %.0f MiB".formatted(before / MEBI, after / MEBI));
    }
    return "%d s at %d orders/s: %,d of %,d writes accepted at once, %,d events waited and were delivered %.1f s after; RSS of workorder %.0f MiB, then %.0f"
        .formatted(seconds, perSecond, total, total, backlog, drained, before / MEBI, after / MEBI);
  }

  private static double mean(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).average().orElseThrow();
  }
}
