package com.telconova.shared.event;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/// An event about to be written to the outbox.
///
/// @param id UUIDv7, never made anew: a retry must be recognised
/// @param type such as `order.created`
/// @param data a record that becomes the JSON of `data`
public record NewEvent(UUID id, String type, Object data) {
  public static NewEvent of(String type, Object data) {
    return new NewEvent(UuidCreator.getTimeOrderedEpoch(), type, data);
  }
}
