package com.telconova.tracking.participant;

import java.util.Objects;
import java.util.UUID;

/// What this service knows of an order of workorder's.
///
/// @param code what people call it, such as `WO-2026-000123`
/// @param technicianId who is to do it; null while nobody is
/// @param version workorder's; facts of a higher version are newer
/// @param priority P1 to P4; null while nobody said
public record OrderFacts(
    UUID id,
    String code,
    String title,
    UUID customerId,
    UUID technicianId,
    OrderStatus status,
    long version,
    String priority) {
  public OrderFacts {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(customerId, "customerId");
    Objects.requireNonNull(status, "status");
  }
}
