package com.telconova.local.chaos;

import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// workorder and tracking are told to stop (SIGTERM) while hundreds of requests and messages are in
/// flight.
final class StopInFlight implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int REQUESTS = 500;
  private static final int SIGTERM = 128 + 15;

  @Override
  public String name() {
    return "stop-in-flight";
  }

  @Override
  public String fault() {
    return "SIGTERM with 500 requests and messages in flight, 20 times";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int times = scale.of(1, 20);
    int inFlight = 0;
    long messages = 0;
    var longest = new AtomicLong();
    for (int time = 1; time <= times; time++) {
      try (var creates =
          KeyedCreates.direct(lab, lab.silent(), Lab.title("Stopped"), REQUESTS, REQUESTS)) {
        // Its first ones are events on their way to tracking by now.
        creates.awaitDone(REQUESTS / 20, PATIENCE);
        var stopping = List.of(lab.service("workorder"), lab.service("tracking"));
        inFlight += creates.inFlight();
        messages += lab.checker().underWay().values().stream().mapToLong(Long::longValue).sum();
        for (var service : stopping) {
          service.signal("TERM");
        }
        for (var service : stopping) {
          awaitEnd(service, longest);
        }
        for (var service : stopping) {
          lab.revive(service);
        }
        creates.finish(PATIENCE);
        if (creates.unanswered() > 0) {
          throw new StepFailed(
              "%d requests were served and their answers cut off: %s"
                  .formatted(creates.unanswered(), creates.refusals()));
        }
      }
      lab.checker().awaitQuiet();
      Lab.none(lab.checker().faults());
      lab.progress("%d of %d stops", time, times);
    }
    return "%d stops with %d requests and %d events in flight each: 0 lost, 0 answers cut off, 0 dead letters, exit after %.1f s at most"
        .formatted(times, inFlight / times, messages / times, longest.get() / 1_000.0);
  }

  private static void awaitEnd(Service service, AtomicLong longest) throws InterruptedException {
    long began = System.nanoTime();
    int code = service.awaitEnd();
    long millis = (System.nanoTime() - began) / 1_000_000;
    longest.accumulateAndGet(millis, Math::max);
    if (millis > LIMIT.toMillis() || code != SIGTERM) {
      throw new StepFailed(
          "%s ended with code %d after %d ms".formatted(service.label(), code, millis));
    }
  }
}
