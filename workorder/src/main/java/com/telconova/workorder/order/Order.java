package com.telconova.workorder.order;

import com.telconova.workorder.sla.Sla;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One work order as it stands.
///
/// @param id UUIDv7
/// @param code the number people use, such as `WO-2026-000123`
/// @param customerId whose order it is
/// @param request what is to be done, where and how urgently
/// @param state how far it is
/// @param excludedTechnicians who declined or lost it, and does not get it again without a reason
/// @param evidenceCount how many files were uploaded for it, as far as events have told
/// @param sla where it stands with its promises, as of its last change
/// @param version counts its changes, from 1; the ETag
/// @param createdAt,updatedAt UTC, microseconds
public record Order(
    UUID id,
    String code,
    UUID customerId,
    WorkRequest request,
    OrderState state,
    List<UUID> excludedTechnicians,
    int evidenceCount,
    Sla sla,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  public Order {
    excludedTechnicians = List.copyOf(excludedTechnicians);
  }

  /// The same order one change later.
  Order moved(OrderState next, List<UUID> excluded, Instant now) {
    return new Order(
        id,
        code,
        customerId,
        request,
        next,
        excluded,
        evidenceCount,
        sla,
        version + 1,
        createdAt,
        now);
  }

  /// The same order one change later, asking for something else.
  Order edited(WorkRequest next, Instant now) {
    return new Order(
        id,
        code,
        customerId,
        next,
        state,
        excludedTechnicians,
        evidenceCount,
        sla,
        version + 1,
        createdAt,
        now);
  }

  Order with(Sla next) {
    return new Order(
        id,
        code,
        customerId,
        request,
        state,
        excludedTechnicians,
        evidenceCount,
        next,
        version,
        createdAt,
        updatedAt);
  }

  boolean isAssignedTo(UUID user) {
    return state.technician().filter(user::equals).isPresent();
  }
}
