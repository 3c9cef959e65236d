package com.telconova.workorder.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An order as callers see it.
record OrderView(
    UUID id,
    String code,
    UUID customerId,
    String title,
    String description,
    WorkRequest.Category category,
    WorkRequest.Priority priority,
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
    long version,
    Instant createdAt,
    Instant updatedAt) {
  static OrderView of(Order order) {
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
        order.version(),
        order.createdAt(),
        order.updatedAt());
  }
}
