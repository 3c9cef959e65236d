package com.telconova.auth.account;

import java.time.Instant;
import java.util.UUID;

/// Somebody with an account.
///
/// @param active false once deactivated: may not log in
/// @param createdAt microseconds
public record User(
    UUID id, Email email, Profile profile, UserRole role, boolean active, Instant createdAt) {

  /// The same user with another profile.
  User with(Profile changed) {
    return new User(id, email, changed, role, active, createdAt);
  }
}
