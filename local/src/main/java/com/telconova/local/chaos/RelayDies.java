package com.telconova.local.chaos;

import com.telconova.local.chaos.CrashPoints.Point;
import com.telconova.local.steps.StepFailed;

/// workorder dies when SNS has its events and it has not noted so yet. They are published again.
final class RelayDies implements Scenario {
  @Override
  public String name() {
    return "relay-dies";
  }

  @Override
  public String fault() {
    return "workorder dies between publish and mark, 200 times";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int times = scale.of(1, 200);
    long mails = lab.checker().sentMails();
    lab.bench().mail().empty();
    var tracking = lab.service("tracking");
    double before = lab.metric(tracking, "inbox_duplicates_total");
    Crashes.of(lab, "workorder", Point.RELAY_BEFORE_MARK, times);
    lab.checker().awaitQuiet();
    Lab.none(lab.checker().faults());
    long recognised = (long) (lab.metric(tracking, "inbox_duplicates_total") - before);
    if (recognised < times) {
      throw new StepFailed("only %d of %d events came twice".formatted(recognised, times));
    }
    return "%d deaths: 0 events lost, %d came again and were recognised, %d mails doubled (%s)"
        .formatted(times, recognised, lab.checker().doubledMails(mails), Wires.waits());
  }
}
