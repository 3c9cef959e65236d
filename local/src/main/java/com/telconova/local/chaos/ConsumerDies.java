package com.telconova.local.chaos;

import com.telconova.local.chaos.CrashPoints.Point;
import java.util.concurrent.atomic.AtomicInteger;

/// tracking dies when it has handled an event and not deleted its message yet. It comes again.
///
/// Whatever was received with it comes again, too, and SQS counts each receive: who is unlucky five
/// times becomes a dead letter without any fault of its own. Such are moved back at the end, as an
/// operator would.
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
    lab.checker().awaitEmpty("tracking");
    var unlucky = new AtomicInteger();
    lab.checker().deadLetters("tracking").redrive(unlucky::incrementAndGet);
    lab.checker().awaitQuiet();
    lab.checker().awaitEmpty("tracking");
    Lab.none(lab.checker().faults());
    return "%d deaths: 0 events lost, 0 rows doubled, %d mails doubled, %d moved back from the DLQ (%s)"
        .formatted(times, lab.checker().doubledMails(mails), unlucky.get(), Wires.waits());
  }
}
