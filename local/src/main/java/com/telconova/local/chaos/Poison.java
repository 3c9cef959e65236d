package com.telconova.local.chaos;

import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// One event in a hundred cannot be handled: a fault of the consumer, which somebody mends later.
final class Poison implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double AT_MOST = 2;

  @Override
  public String name() {
    return "poison";
  }

  @Override
  public String fault() {
    return "1 % of 10,000 events cannot be handled until the bug is mended";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int total = scale.of(200, 10_000);
    int poisonous = total / 100;
    double perSecond = scale.of(50, 100);
    int before = scale.of(50, 3_000);
    double usual = delay(lab, Lab.title("Usual"), before, perSecond);
    var title = Lab.title("Poisoned");
    double during;
    // Stands for a bug in the handler.
    try (var _ = lab.refuse("insert", "new.title like '% poisonous'")) {
      try (var bad =
              KeyedCreates.start(
                  lab, lab.silent(), title + " poisonous", poisonous, 1, perSecond / 100);
          var good =
              KeyedCreates.start(
                  lab, lab.silent(), title, total - poisonous, 32, perSecond * 0.99)) {
        good.finish(PATIENCE);
        bad.finish(PATIENCE);
      }
      Condition.await(
          poisonous + " dead letters",
          PATIENCE,
          () -> lab.checker().deadLetters("tracking").count(),
          dead -> dead >= poisonous,
          dead -> dead + " are");
      during = p99(lab, title);
      long left = lab.checker().underWay().values().stream().mapToLong(Long::longValue).sum();
      if (left != poisonous || lab.checker().deadLetters("tracking").count() != poisonous) {
        throw new StepFailed(
            "%d dead letters, and %s under way, where %d are poisonous"
                .formatted(
                    lab.checker().deadLetters("tracking").count(),
                    lab.checker().underWay(),
                    poisonous));
      }
    }
    var moved = new AtomicInteger();
    lab.checker().deadLetters("tracking").redrive(moved::incrementAndGet);
    lab.checker().awaitQuiet();
    Lab.none(lab.checker().faults());
    // On a machine that builds something meanwhile, a hundredth of a short run tells nothing.
    if (scale == Scale.FULL && during > AT_MOST * usual) {
      throw new StepFailed("the others' p99 went from %.0f to %.0f ms".formatted(usual, during));
    }
    return "%,d orders, %d dead letters, %d moved back and handled once; the others' p99 %.0f ms, %.0f without poison"
        .formatted(total, poisonous, moved.get(), during, usual);
  }

  private static double delay(Lab lab, String title, int orders, double perSecond) {
    try (var creates = KeyedCreates.start(lab, lab.silent(), title, orders, 32, perSecond)) {
      creates.finish(PATIENCE);
    }
    lab.checker().awaitQuiet();
    return p99(lab, title);
  }

  /// From the order to its entry on the timeline, milliseconds.
  private static double p99(Lab lab, String title) {
    return lab.checker()
            .count(
                """
                select (1000000 * extract(epoch from percentile_disc(0.99) within group (
                  order by e.recorded_at - e.occurred_at)))::bigint
                from tracking.timeline_entry e
                join workorder.work_order o on o.id = e.order_id
                where o.title = '%s' and e.type = 'order.created'
                """
                    .formatted(title))
        / 1000.0;
  }
}
