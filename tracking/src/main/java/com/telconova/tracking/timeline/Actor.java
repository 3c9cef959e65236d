package com.telconova.tracking.timeline;

import java.util.Objects;
import java.util.UUID;

/// Who did it.
///
/// @param role the role they acted in, such as `TECHNICIAN`
public record Actor(UUID id, String role) {
  public Actor {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(role, "role");
  }
}
