package com.telconova.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// An order as workorder tells of it, event after event.
public final class OrderStory {
  public final UUID order = UUID.randomUUID();
  public final UUID customer = UUID.randomUUID();
  public final UUID technician = UUID.randomUUID();
  public final UUID supervisor = UUID.randomUUID();

  private Instant time = Instant.parse("2026-03-02T13:00:00.000123Z");
  private long sequence;
  private long version;

  /// The client opens it.
  public Event created() {
    version++;
    return event(
        "order.created",
        null,
        "CREATED",
        customer,
        "CLIENT",
        """
        "priority": "P2", "category": "REPAIR", "zone": "BOG-NORTE",
        "address": "Calle 100 # 8-60", "description": "Since noon"
        """);
  }

  /// The supervisor assigns it: the event addressed to the technician.
  public Event assigned() {
    version++;
    return event(
        "technician.assigned",
        technician,
        "ASSIGNED",
        supervisor,
        "SUPERVISOR",
        """
        "priority": "P2", "category": "REPAIR", "zone": "BOG-NORTE", "address": "Calle 100 # 8-60"
        """);
  }

  /// The change of state that goes with the last event.
  public Event changed(String from, String to, UUID by, String role) {
    return event(
        "order.status_changed",
        to.equals("CREATED") ? null : technician,
        to,
        by,
        role,
        "\"from\": \"%s\", \"to\": \"%s\"".formatted(from, to));
  }

  /// Goes on to the order's next version.
  public OrderStory next() {
    version++;
    return this;
  }

  /// The technician finishes it.
  public Event completed() {
    return event(
        "order.completed",
        technician,
        "COMPLETED",
        technician,
        "TECHNICIAN",
        "\"resolution\": {\"code\": \"CABLE_REPLACED\", \"outcome\": \"RESOLVED\"}");
  }

  /// The promise to arrive is broken.
  public Event breached() {
    return event(
        "sla.breached",
        technician,
        "ASSIGNED",
        supervisor,
        "SUPERVISOR",
        "\"target\": \"ARRIVE\", \"dueAt\": \"2026-03-02T18:00:00Z\"");
  }

  private Event event(
      String type, UUID assignee, String status, UUID actor, String role, String more) {
    time = time.plus(Duration.ofSeconds(1));
    String data =
        """
        {"orderId": "%s", "code": "WO-2026-000007", "title": "No internet", "customerId": "%s",
         %s "status": "%s", "version": %d, "actorId": "%s", "actorRole": "%s"%s}
        """
            .formatted(
                order,
                customer,
                assignee == null ? "" : "\"technicianId\": \"" + assignee + "\",",
                status,
                version,
                actor,
                role,
                more == null ? "" : ", " + more);
    try {
      return new Event(
          UuidCreator.getTimeOrderedEpoch(),
          "urn:microflow:workorder",
          type,
          order,
          time,
          ++sequence,
          null,
          Mappers.TOLERANT.readTree(data));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
