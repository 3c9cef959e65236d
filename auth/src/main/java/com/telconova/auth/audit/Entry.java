package com.telconova.auth.audit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// One act, as it was written down.
///
/// @param detail what else there is to say; never a secret
public record Entry(UUID id, Instant time, Act act, Caller caller, Map<String, String> detail) {
  public Entry {
    detail = Map.copyOf(detail);
  }
}
