package com.telconova.tracking.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.recipient.Preferences;
import com.telconova.tracking.recipient.Recipient;
import com.telconova.tracking.recipient.RecipientRepository;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// Events of users: whom to tell and how to reach them.
public final class UserEvents {
  private static final ZoneId DEFAULT_ZONE = ZoneId.of("America/Bogota");

  private final RecipientRepository recipients = new RecipientRepository();
  private final Notifications notifications;

  public UserEvents(Notifications notifications) {
    this.notifications = notifications;
  }

  /// The handlers by event type.
  ///
  /// Sign-ins are subscribed to for the messages that will tell people of them, and until then have
  /// no effect.
  public Map<String, EventHandler> handlers() {
    return Map.of(
        "user.registered", this::handle,
        "user.updated", this::handle,
        "user.login", (_, _) -> {},
        "user.authenticated", (_, _) -> {},
        "user.password.changed",
            (handle, event) ->
                notifications.warnOfNewPassword(handle, event.id(), event.subject(), event.time()));
  }

  /// @throws IllegalArgumentException when the event lacks the address, the name or the role
  void handle(Handle handle, Event event) {
    User user = event.data(User.class);
    recipients.upsert(handle, user.recipient(event), event.sequence());
    notifications.recipientKnown(handle, event.subject());
  }

  private record User(
      String email,
      String name,
      String phone,
      String role,
      String locale,
      String timeZone,
      Boolean active,
      JsonNode notificationPreferences) {
    Recipient recipient(Event event) {
      if (email == null || name == null || role == null) {
        throw new IllegalArgumentException("a user event needs email, name and role");
      }
      return new Recipient(
          event.subject(),
          email,
          name,
          phone,
          role,
          "en".equals(locale) ? Locale.of("en") : Locale.of("es"),
          zone(),
          active == null || active,
          Preferences.of(notificationPreferences));
    }

    private ZoneId zone() {
      try {
        return timeZone == null ? DEFAULT_ZONE : ZoneId.of(timeZone);
      } catch (DateTimeException e) {
        return DEFAULT_ZONE; // auth may know zones that this Java does not
      }
    }
  }
}
