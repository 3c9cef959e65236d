package com.telconova.auth.audit;

import com.telconova.shared.token.Principal;
import java.util.Optional;
import java.util.UUID;

/// Who does something, and from where.
///
/// @param actor empty for somebody who is not logged in
/// @param session the session that it is done in, or done to
public record Caller(Origin origin, Optional<Actor> actor, Optional<UUID> session) {
  /// Somebody who is logged in.
  public record Actor(UUID id, String role) {}

  /// Somebody whose token is verified.
  public static Caller of(Principal principal, Origin origin) {
    return new Caller(
        origin,
        Optional.of(new Actor(principal.userId(), principal.role().name())),
        Optional.of(principal.sessionId()));
  }

  /// Somebody who has no token.
  public static Caller anonymous(Origin origin) {
    return new Caller(origin, Optional.empty(), Optional.empty());
  }

  /// The same, as the user they have turned out to be.
  public Caller as(UUID id, String role) {
    return new Caller(origin, Optional.of(new Actor(id, role)), session);
  }

  /// The same, in or with that session.
  public Caller with(UUID newSession) {
    return new Caller(origin, actor, Optional.of(newSession));
  }
}
