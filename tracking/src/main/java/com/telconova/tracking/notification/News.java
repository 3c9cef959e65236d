package com.telconova.tracking.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.tracking.notification.template.Templates;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/// An event that people may want to hear of, of an order unless it says otherwise.
///
/// @param orderId null for what is no order's
/// @param customerId whose order it is
/// @param technicianId null while the order has nobody
/// @param actorId who did it; null when nobody in particular
/// @param critical whether it may disturb people
/// @param data the event's data, which the message is written from
public record News(
    UUID eventId,
    String type,
    UUID orderId,
    UUID customerId,
    UUID technicianId,
    UUID actorId,
    boolean critical,
    JsonNode data) {

  /// Who hears of it unless they say otherwise, each once.
  Set<UUID> audience() {
    Set<UUID> people = new LinkedHashSet<>();
    switch (type) {
      case "order.created" -> people.add(customerId);
      case "technician.assigned" -> people.add(technicianId);
      case "order.status_changed" -> {
        people.add(customerId);
        people.add(technicianId);
        people.remove(actorId);
      }
      case "order.transition_refused" -> people.add(actorId == null ? technicianId : actorId);
      case "sla.warning", "sla.breached" -> people.add(technicianId);
      case Templates.PASSWORD_CHANGED -> people.add(customerId);
      default -> {}
    }
    people.remove(null);
    return people;
  }

  /// Whether all who supervise hear of it, too.
  boolean concernsSupervisors() {
    return type.startsWith("sla.");
  }
}
