package com.telconova.tracking.recipient;

import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A user as far as telling them something goes.
///
/// @param phone E.164, or null
/// @param locale Spanish or English
/// @param active false once the account is closed: nothing is sent any more
/// @param optOut empty as long as it was not looked up
public record Recipient(
    UUID userId,
    String email,
    String name,
    String phone,
    String role,
    Locale locale,
    ZoneId timeZone,
    boolean active,
    Preferences preferences,
    Optional<MailOptOut> optOut) {
  public Recipient {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(locale, "locale");
    Objects.requireNonNull(timeZone, "timeZone");
    Objects.requireNonNull(preferences, "preferences");
  }

  /// As auth's events tell of them.
  public Recipient(
      UUID userId,
      String email,
      String name,
      String phone,
      String role,
      Locale locale,
      ZoneId timeZone,
      boolean active,
      Preferences preferences) {
    this(userId, email, name, phone, role, locale, timeZone, active, preferences, Optional.empty());
  }

  /// The channels by which they want to hear of a type of event, as they told auth and as they said
  /// by the link in a mail.
  ///
  /// @param usual for who did not choose
  public Set<Channel> channels(String event, Set<Channel> usual) {
    Set<Channel> channels = EnumSet.noneOf(Channel.class);
    channels.addAll(preferences.channels(event, usual));
    if (hasUnsubscribed(event)) {
      channels.remove(Channel.EMAIL);
    }
    return channels;
  }

  /// Whether they want no mail of a type of event, by the link in a mail.
  public boolean hasUnsubscribed(String event) {
    return optOut.filter(said -> said.covers(event)).isPresent();
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
