package com.telconova.tracking.inbound;

import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.tracking.notification.News;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.OrderStatus;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.timeline.Actor;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Events of orders. Each becomes one entry of its order's timeline, however late or disordered;
/// only what is known of the order goes by the newest.
public final class OrderEvents {
  private static final List<String> TYPES =
      List.of(
          "order.created",
          "order.assigned",
          "technician.assigned",
          "order.status_changed",
          "order.completed",
          "order.cancelled",
          "order.transition_refused",
          "sla.warning",
          "sla.breached");

  private final Participants participants;
  private final Timeline timeline;
  private final Notifications notifications;

  public OrderEvents(Participants participants, Timeline timeline, Notifications notifications) {
    this.participants = participants;
    this.timeline = timeline;
    this.notifications = notifications;
  }

  /// The handlers by event type.
  public Map<String, EventHandler> handlers() {
    EventHandler.Prepared handler = this::begin;
    return TYPES.stream().collect(Collectors.toMap(type -> type, _ -> handler));
  }

  /// Three round trips: what is found and locked, what is written, and the commit.
  ///
  /// @throws IllegalArgumentException when the event lacks a fact that every order event has
  private EventHandler.Rest begin(Event event, Message first) {
    Facts facts = event.data(Facts.class);
    OrderFacts order = facts.order(event.subject());
    Message.Found<String> priority = participants.apply(first, order);
    Timeline.Appending entry =
        timeline.begin(
            first,
            new NewEntry(
                event.id(),
                event.subject(),
                event.type(),
                event.time(),
                facts.actor(),
                event.data().toString()));
    Notifications.Queueing messages =
        notifications.begin(
            first,
            new News(
                event.id(),
                event.type(),
                event.subject(),
                facts.customerId(),
                facts.technicianId(),
                facts.actorId(),
                false,
                event.data()));
    return handle -> {
      List<Write> writes = new ArrayList<>();
      writes.add(entry.write(handle));
      writes.addAll(messages.writes(handle, isCritical(event.type(), order, priority.rows())));
      Write.together(handle, writes);
    };
  }

  /// Not every event says how urgent its order is.
  private static boolean isCritical(String type, OrderFacts order, List<String> known) {
    return type.equals("sla.breached")
        || "P1".equals(order.priority())
        || (order.priority() == null && known.contains("P1"));
  }

  /// What every order event says of its order.
  ///
  /// @param actorId absent when nobody in particular did it
  private record Facts(
      String code,
      String title,
      UUID customerId,
      UUID technicianId,
      OrderStatus status,
      Long version,
      String priority,
      UUID actorId,
      String actorRole) {
    OrderFacts order(UUID id) {
      if (code == null
          || title == null
          || customerId == null
          || status == null
          || version == null) {
        throw new IllegalArgumentException(
            "an order event needs code, title, customerId, status and version");
      }
      return new OrderFacts(id, code, title, customerId, technicianId, status, version, priority);
    }

    Actor actor() {
      return actorId == null || actorRole == null ? null : new Actor(actorId, actorRole);
    }
  }
}
