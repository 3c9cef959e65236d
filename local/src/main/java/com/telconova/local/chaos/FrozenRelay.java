package com.telconova.local.chaos;

import com.telconova.local.api.Client;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Three relays share an outbox. One is stopped (SIGSTOP) while it holds a claim and its publish is
/// on the way, sleeps past its lease while the others take over, and wakes up.
final class FrozenRelay implements Scenario {
  private static final Duration SLOW = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ORDERS = 6;
  private static final int MAX_TRIES = 10;

  @Override
  public String name() {
    return "frozen-relay";
  }

  @Override
  public String fault() {
    return "of three relays one freezes past its lease and wakes, 50 times";
  }

  @Override
  public int instances() {
    return 2;
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int rounds = scale.of(2, 50);
    var third = lab.bench().start("workorder", 3);
    var relays = List.of(lab.service("workorder"), lab.bench().service("workorder", 2), third);
    long again = recognised(lab);
    try (var _ = lab.refuse("update", "new.order_version < old.order_version")) {
      for (int round = 1; round <= rounds; round++) {
        freeze(lab, relays.get(round % relays.size()));
        lab.progress("%d of %d", round, rounds);
      }
      lab.checker().awaitQuiet();
      Lab.none(lab.checker().faults());
    } finally {
      third.close();
    }
    return "%d freezes past the lease: 0 lost, no version went back; %d events came again (lease %d s)"
        .formatted(rounds, recognised(lab) - again, Wires.LEASE.toSeconds());
  }

  /// Until it held a claim when it froze.
  private static void freeze(Lab lab, Service relay) throws Exception {
    var wire = lab.wires().aws("workorder", relay.instance());
    for (int tries = 1; tries <= MAX_TRIES; tries++) {
      wire.delay(SLOW);
      changeOrders(lab, relay);
      relay.signal("STOP");
      boolean heldSomething;
      try {
        // What the others claimed is marked within the time that they need; what is left is its.
        heldSomething = isHeldByNobodyElse(lab);
        Condition.await(
            "the others send what it had claimed",
            PATIENCE,
            () -> lab.checker().unsent("workorder"),
            unsent -> unsent == 0,
            unsent -> unsent + " events wait");
      } finally {
        wire.delay(Duration.ZERO);
        relay.signal("CONT");
      }
      if (heldSomething) {
        return;
      }
    }
    throw new StepFailed(relay.label() + " never held a claim when it froze");
  }

  private static boolean isHeldByNobodyElse(Lab lab) {
    long until = System.nanoTime() + SLOW.toNanos();
    while (System.nanoTime() < until) {
      if (claimed(lab) == 0) {
        return false;
      }
    }
    return claimed(lab) > 0;
  }

  private static long claimed(Lab lab) {
    return lab.checker()
        .count(
            "select count(*) from workorder.outbox"
                + " where sent_at is null and claim is not null and available_at > now()");
  }

  /// Each order has several events, whose order matters. Asked of the instance itself, whose relay
  /// is woken by that: otherwise one of the others would mostly be faster.
  private static void changeOrders(Lab lab, Service relay) {
    var token = lab.token(lab.silent());
    try (var api = new Client(relay.url())) {
      for (int number = 0; number < ORDERS; number++) {
        var order = Work.order(Lab.title("Frozen"), number);
        var id = Lab.expect(201, api.post("/orders", token, order), "create").text("/id");
        var cancel = Map.of("status", "CANCELLED", "reason", "Changed my mind");
        Lab.expect(200, api.put("/orders/" + id + "/status", token, cancel), "cancel");
      }
    }
  }

  private static long recognised(Lab lab) {
    return (long)
        (lab.metric(lab.service("tracking"), "inbox_duplicates_total")
            + lab.metric(lab.bench().service("tracking", 2), "inbox_duplicates_total"));
  }
}
