package com.telconova.tracking.update;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.timeline.Actor;
import com.telconova.tracking.timeline.Entry;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/// Takes reports on orders.
public final class Updates {
  private final Clock clock;
  private final Database database;
  private final Participants participants;
  private final Timeline timeline;
  private final Outbox outbox;

  public Updates(
      Clock clock, Database database, Participants participants, Timeline timeline, Outbox outbox) {
    this.clock = clock;
    this.database = database;
    this.participants = participants;
    this.timeline = timeline;
    this.outbox = outbox;
  }

  /// Notes a report on the timeline and publishes it; the entry and the event have the same id and
  /// commit together.
  ///
  /// @throws Failure.NotFound when the caller takes no part in the order
  /// @throws Failure.Forbidden when only the one who does the work may report this
  /// @throws Failure.Conflict when the order has ended
  Entry report(UUID orderId, Principal caller, Update update) {
    OrderFacts order = participants.require(orderId, caller);
    if (caller.supervises() && !update.kind().fromAfar()) {
      throw new Failure.Forbidden(
          "Only the assigned technician may report %s; you may send a NOTE."
              .formatted(update.kind()));
    }
    if (order.status().ended()) {
      throw new Failure.Conflict(
          "Order %s is %s and takes no more updates.".formatted(order.code(), order.status()));
    }
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Instant now = clock.instant();
    Report report = Report.of(order, caller, update);
    NewEntry entry =
        new NewEntry(
            id,
            orderId,
            update.kind().eventType(),
            now,
            new Actor(caller.userId(), caller.role().name()),
            Mappers.TOLERANT.valueToTree(report).toString());
    return database.inTransaction(handle -> {
      Entry appended = timeline.append(handle, entry).orElseThrow();
      outbox.append(handle, orderId, now, new NewEvent(id, entry.type(), report));
      return appended;
    });
  }
}
