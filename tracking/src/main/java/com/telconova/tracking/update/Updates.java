package com.telconova.tracking.update;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
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

  /// Notes that a report's minutes were others, and why. Whoever reported them may say so until the
  /// order ends, who supervises also afterwards.
  ///
  /// @throws Failure.NotFound when the caller takes no part in the order, or it has no such report
  /// @throws Failure.Forbidden when it is somebody else's report
  /// @throws Failure.Conflict when it reported no minutes, or the order has ended
  /// @throws Failure.Invalid when these minutes stand already
  Entry correct(UUID orderId, UUID updateId, Principal caller, Correction.Wish wish) {
    participants.require(orderId, caller);
    return database.inTransaction(handle -> {
      List<Entry> said = timeline.lock(handle, orderId, updateId, Correction.TYPE);
      int standing = minutes(said, updateId, caller);
      OrderFacts order = participants.known(handle, List.of(orderId)).get(orderId);
      if (order.status().ended() && !caller.supervises()) {
        throw new Failure.Conflict(
            "Order %s is %s; only who supervises may correct it now."
                .formatted(order.code(), order.status()));
      } else if (standing == wish.minutes()) {
        throw Failure.Invalid.at("/minutes", "is what stands already");
      }
      Correction correction = Correction.of(orderId, updateId, caller, standing, wish);
      return timeline
          .append(
              handle,
              new NewEntry(
                  UuidCreator.getTimeOrderedEpoch(),
                  orderId,
                  Correction.TYPE,
                  clock.instant(),
                  new Actor(caller.userId(), caller.role().name()),
                  Mappers.TOLERANT.valueToTree(correction).toString()))
          .orElseThrow();
    });
  }

  /// What counts of a report by now.
  ///
  /// @param said the report, then its corrections
  private static int minutes(List<Entry> said, UUID updateId, Principal caller) {
    NewEntry report =
        said.stream()
            .map(Entry::what)
            .filter(entry -> entry.id().equals(updateId) && Update.Kind.reports(entry.type()))
            .findFirst()
            .orElseThrow(
                () -> new Failure.NotFound("The order's timeline has no update with this id."));
    if (!caller.supervises() && !caller.userId().equals(report.actor().id())) {
      throw new Failure.Forbidden(
          "Only who reported it, or who supervises, may correct an update.");
    }
    JsonNode minutes = data(said.getLast()).path("minutes");
    if (!minutes.isInt()) {
      throw new Failure.Conflict(
          "This update reported no minutes, so there are none to correct; report them anew.");
    }
    return minutes.intValue();
  }

  private static JsonNode data(Entry entry) {
    try {
      return Mappers.TOLERANT.readTree(entry.what().data());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry's data is not JSON", e);
    }
  }
}
