package com.telconova.auth.account;

import java.time.Instant;
import java.util.UUID;

/// A user, as every answer shows one.
///
/// @param phone null for none
public record UserView(
    UUID id,
    String email,
    String name,
    String phone,
    UserRole role,
    String locale,
    String timeZone,
    boolean active,
    Instant createdAt) {
  public static UserView of(User user) {
    return new UserView(
        user.id(),
        user.email().address(),
        user.profile().name(),
        user.profile().phone().orElse(null),
        user.role(),
        user.profile().language().tag(),
        user.profile().timeZone().getId(),
        user.active(),
        user.createdAt());
  }
}
