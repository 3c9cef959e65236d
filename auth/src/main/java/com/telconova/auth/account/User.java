package com.telconova.auth.account;

import java.time.Instant;
import java.util.UUID;

/// Somebody with an account.
///
/// @param active false once deactivated: may not log in
/// @param createdAt microseconds
public record User(
    UUID id, Email email, Profile profile, UserRole role, boolean active, Instant createdAt) {

  /// Whether they may administer users now.
  public boolean isActiveAdmin() {
    return active && role == UserRole.ADMIN;
  }

  /// The same user with another profile.
  public User with(Profile changed) {
    return new User(id, email, changed, role, active, createdAt);
  }

  /// The same user with other powers.
  public User with(UserRole newRole, boolean nowActive) {
    return new User(id, email, profile, newRole, nowActive, createdAt);
  }
}
