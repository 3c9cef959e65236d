package com.telconova.tracking.recipient;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/// A user as far as telling them something goes.
///
/// @param phone E.164, or null
/// @param locale Spanish or English
/// @param active false once the account is closed: nothing is sent any more
public record Recipient(
    UUID userId,
    String email,
    String name,
    String phone,
    String role,
    Locale locale,
    ZoneId timeZone,
    boolean active) {
  public Recipient {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(locale, "locale");
    Objects.requireNonNull(timeZone, "timeZone");
  }
}
