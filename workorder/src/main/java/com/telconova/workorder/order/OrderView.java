package com.telconova.workorder.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Sla;
import com.telconova.workorder.sla.SlaState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An order as callers see it.
public record OrderView(
    UUID id,
    String code,
    UUID customerId,
    String title,
    String description,
    WorkRequest.Category category,
    Priority priority,
    String zone,
    String address,
    Double latitude,
    Double longitude,
    List<WorkRequest.RequiredSkill> requiredSkills,
    int estimatedMinutes,
    Instant windowStart,
    Instant windowEnd,
    OrderStatus status,
    UUID technicianId,
    @JsonProperty("reasonCode") HoldReason holdReason,
    String reason,
    Resolution resolution,
    SlaView sla,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// @param assignBy,arriveBy,resolveBy absent while that clock stands still
  public record SlaView(Instant assignBy, Instant arriveBy, Instant resolveBy, SlaState state) {
    static SlaView of(Sla sla, Instant now) {
      return new SlaView(sla.assignBy(), sla.arriveBy(), sla.resolveBy(), sla.state(now));
    }
  }

  /// @param now as of when `sla.state` holds
  public static OrderView of(Order order, Instant now) {
    WorkRequest request = order.request();
    OrderState state = order.state();
    return new OrderView(
        order.id(),
        order.code(),
        order.customerId(),
        request.title(),
        request.description(),
        request.category(),
        request.priority(),
        request.zone(),
        request.address(),
        request.latitude(),
        request.longitude(),
        request.requiredSkills(),
        request.estimatedMinutes(),
        request.windowStart(),
        request.windowEnd(),
        state.status(),
        state.technician().orElse(null),
        state instanceof OrderState.OnHold hold ? hold.reason() : null,
        state instanceof OrderState.Cancelled cancelled ? cancelled.reason() : null,
        state instanceof OrderState.Completed completed ? completed.resolution() : null,
        SlaView.of(order.sla(), now),
        order.version(),
        order.createdAt(),
        order.updatedAt());
  }
}
