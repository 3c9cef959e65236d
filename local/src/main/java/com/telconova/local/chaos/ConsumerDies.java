package com.telconova.local.chaos;

import com.telconova.local.chaos.CrashPoints.Point;

/// tracking dies when it has handled an event and not deleted its message yet. It comes again.
final class ConsumerDies implements Scenario {
  @Override
  public String name() {
    return "consumer-dies";
  }

  @Override
  public String fault() {
    return "tracking dies between commit and delete, 200 times";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int times = scale.of(1, 200);
    long mails = lab.checker().sentMails();
    lab.bench().mail().empty();
    Crashes.of(lab, "tracking", Point.CONSUMER_BEFORE_DELETE, times);
    lab.checker().awaitQuiet();
    lab.checker().awaitEmpty("tracking");
    Lab.none(lab.checker().faults());
    return "%d deaths: 0 events lost, 0 rows doubled, %d mails doubled (%s)"
        .formatted(times, lab.checker().doubledMails(mails), Wires.waits());
  }
}
