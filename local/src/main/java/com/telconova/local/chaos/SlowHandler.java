package com.telconova.local.chaos;

import com.telconova.local.chaos.CrashPoints.Point;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;

/// A handler works longer than its message is hidden from others.
final class SlowHandler implements Scenario {
  // Logins and notifications have events of their own.
  private static final String HANDLED = "sqs_handled_total{type=\"order.created\"";
  private static final String WORKED = "sqs_handle_duration_seconds_sum{type=\"order.created\"";

  @Override
  public String name() {
    return "slow-handler";
  }

  @Override
  public String fault() {
    return "a handler works longer than its message's visibility timeout";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int times = scale.of(1, 5);
    var tracking = lab.service("tracking");
    double duplicates = lab.metric(tracking, "inbox_duplicates_total");
    double handled = lab.metric(tracking, HANDLED);
    double worked = lab.metric(tracking, WORKED);
    for (int time = 1; time <= times; time++) {
      lab.crashPoints().arm(tracking, Point.SLOW_HANDLER);
      try (var create = KeyedCreates.start(lab, lab.silent(), Lab.title("Slow"), 1, 1)) {
        create.finish(Duration.ofSeconds(30));
      }
      lab.crashPoints().awaitStruck(tracking, Point.SLOW_HANDLER);
      lab.checker().awaitQuiet();
      lab.checker().awaitEmpty("tracking");
    }
    Lab.none(lab.checker().faults());
    duplicates = lab.metric(tracking, "inbox_duplicates_total") - duplicates;
    handled = lab.metric(tracking, HANDLED) - handled;
    worked = lab.metric(tracking, WORKED) - worked;
    if (handled != times || duplicates != 0) {
      throw new StepFailed(
          "%d slow messages were handled %.0f times and recognised %.0f times"
              .formatted(times, handled, duplicates));
    }
    if (worked < times * Wires.VISIBILITY.toSeconds()) {
      throw new StepFailed("the handlers worked %.1f s only".formatted(worked));
    }
    return "%d messages handled for %.1f s each, hidden for %d s at a time: handled once, run once"
        .formatted(times, worked / times, Wires.VISIBILITY.toSeconds());
  }
}
