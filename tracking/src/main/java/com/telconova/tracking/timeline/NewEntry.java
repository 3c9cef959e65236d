package com.telconova.tracking.timeline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/// Something about to be appended to an order's timeline.
///
/// @param id that of the event which tells of it, so that it is appended once
/// @param type that of the event, such as `order.created`
/// @param time when it happened, in microseconds, which is what PostgreSQL keeps
/// @param actor who did it; null when nobody in particular
/// @param data the event's data, JSON, kept to the letter
public record NewEntry(UUID id, UUID orderId, String type, Instant time, Actor actor, String data) {
  public NewEntry {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(orderId, "orderId");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(data, "data");
    time = time.truncatedTo(ChronoUnit.MICROS);
  }
}
