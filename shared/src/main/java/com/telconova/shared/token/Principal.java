package com.telconova.shared.token;

import com.telconova.shared.config.Secret;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/// Who calls, as their verified access token says.
///
/// @param userId the token's `sub`
/// @param role the token's only role
/// @param sessionId the token's `sid`
/// @param expiresAt the token's `exp`
/// @param token the token itself, to ask another service in the caller's name
public record Principal(UUID userId, Role role, UUID sessionId, Instant expiresAt, Secret token) {
  public Principal {
    // java-jwt takes "exp": null for a present claim.
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(sessionId, "sessionId");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /// Whether the caller may see and steer every order.
  public boolean supervises() {
    return role == Role.SUPERVISOR || role == Role.ADMIN;
  }
}
