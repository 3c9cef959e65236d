package com.telconova.workorder.assignment;

import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.WorkRequest;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What the engine knows of an order.
///
/// @param version of the order when it was looked at
/// @param position may be null
/// @param windowStart,windowEnd when the technician is to arrive; each may be null
/// @param arriveBy what the SLA promises
/// @param technicianId who has it now; may be null
/// @param excluded who declined it
/// @param formerTechnicians who completed orders of this customer before, the last one first
public record OrderFacts(
    UUID id,
    long version,
    Priority priority,
    WorkRequest.Category category,
    String zone,
    Position position,
    List<RequiredSkill> requiredSkills,
    int estimatedMinutes,
    Instant windowStart,
    Instant windowEnd,
    Instant arriveBy,
    UUID technicianId,
    List<UUID> excluded,
    List<UUID> formerTechnicians) {
  public OrderFacts {
    requiredSkills = List.copyOf(requiredSkills);
    excluded = List.copyOf(excluded);
    formerTechnicians = List.copyOf(formerTechnicians);
  }

  static OrderFacts of(Order order, List<UUID> formerTechnicians) {
    WorkRequest request = order.request();
    return new OrderFacts(
        order.id(),
        order.version(),
        request.priority(),
        request.category(),
        request.zone(),
        request.position(),
        request.requiredSkills(),
        request.estimatedMinutes(),
        request.windowStart(),
        request.windowEnd(),
        order.sla().arriveBy(),
        order.state().technician().orElse(null),
        order.excludedTechnicians(),
        formerTechnicians);
  }

  /// Whether the window can still be kept by somebody; one that is over binds nobody.
  boolean windowBinds(Instant now) {
    return windowEnd != null && windowEnd.isAfter(now);
  }
}
