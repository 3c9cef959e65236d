package com.telconova.local.chaos;

import com.telconova.local.chaos.SnsRelay.Answer;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Ten events that fill a batch each, and one that no batch could hold.
final class LargeEvents implements Scenario {
  private static final int BYTES = 200 * 1024;
  private static final int SNS_LIMIT = 256 * 1024;
  private static final int EVENTS = 10;

  @Override
  public String name() {
    return "large-events";
  }

  @Override
  public String fault() {
    return "10 events of 200 KiB at once, and one over the limit";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    var wire = lab.wires().aws("workorder", 1);
    var customer = lab.id(lab.silent());
    var config = lab.bench().environment().database("workorder");
    try (var sns = new SnsRelay(lab.bench().emulator().endpoint(), () -> Answer.TAKEN);
        var database = Database.open(config, new CollectorRegistry());
        var creates = KeyedCreates.start(lab, lab.silent(), Lab.title("Large"), EVENTS, 1)) {
      creates.finish(Duration.ofSeconds(30));
      lab.checker().awaitQuiet();
      wire.redirect(sns.port());
      try {
        // The services' own outbox, as their code uses it.
        var outbox = new Outbox(() -> {});
        database.useTransaction(handle -> {
          for (var order : creates.ids()) {
            outbox.append(handle, UUID.fromString(order), Instant.now(), event(customer, BYTES));
          }
        });
        lab.checker().awaitQuiet();
        var refusal = refusal(database, outbox, creates.ids().getFirst());
        Lab.none(lab.checker().faults());
        if (sns.largestBatch() < BYTES || sns.largestBatch() > SNS_LIMIT) {
          throw new StepFailed("the largest batch had " + sns.largestBatch() + " bytes");
        }
        return "%d events of 200 KiB arrived, largest batch %,d bytes of %,d; one of 241 KiB: \"%s\""
            .formatted(EVENTS, sns.largestBatch(), SNS_LIMIT, refusal);
      } finally {
        wire.redirect(lab.bench().emulator().endpoint().getPort());
      }
    }
  }

  /// What whoever writes it is told; nothing of it stays.
  private static String refusal(Database database, Outbox outbox, String order) {
    try {
      database.useTransaction(handle ->
          outbox.append(
              handle,
              UUID.fromString(order),
              Instant.now(),
              event(order, Outbox.MAX_EVENT_BYTES + 1024)));
    } catch (IllegalArgumentException refused) {
      return refused.getMessage();
    }
    throw new StepFailed("an event over the limit was taken");
  }

  private static NewEvent event(String customer, int bytes) {
    return NewEvent.of(
        "order.transition_refused",
        Map.of(
            "code",
            "WO-0000-000000",
            "title",
            "Large",
            "customerId",
            customer,
            "status",
            "CREATED",
            "version",
            1,
            "detail",
            "x".repeat(bytes),
            "ids",
            List.of()));
  }
}
