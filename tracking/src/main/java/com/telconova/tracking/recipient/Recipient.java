package com.telconova.tracking.recipient;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
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
    boolean active,
    Preferences preferences) {
  public Recipient {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(locale, "locale");
    Objects.requireNonNull(timeZone, "timeZone");
    Objects.requireNonNull(preferences, "preferences");
  }

  /// Where to reach them on a channel; empty when they did not say.
  public Optional<String> address(Channel channel) {
    return switch (channel) {
      case EMAIL -> Optional.of(email);
      case SMS -> Optional.ofNullable(phone);
      case PUSH -> Optional.ofNullable(preferences.pushEndpoint());
    };
  }
}
