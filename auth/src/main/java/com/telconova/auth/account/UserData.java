package com.telconova.auth.account;

import java.util.UUID;

/// The data of `user.registered` and `user.updated`: all that other services keep of a user, so
/// that a reader replaces what it has whenever the event's sequence is newer.
///
/// @param phone null for none
/// @param notificationPreferences null for none
record UserData(
    UUID userId,
    String email,
    String name,
    String phone,
    UserRole role,
    String locale,
    String timeZone,
    boolean active,
    NotificationPreferences notificationPreferences) {
  static UserData of(User user) {
    NotificationPreferences preferences = user.profile().preferences();
    return new UserData(
        user.id(),
        user.email().address(),
        user.profile().name(),
        user.profile().phone().orElse(null),
        user.role(),
        user.profile().language().tag(),
        user.profile().timeZone().getId(),
        user.active(),
        preferences.equals(NotificationPreferences.NONE) ? null : preferences);
  }
}
