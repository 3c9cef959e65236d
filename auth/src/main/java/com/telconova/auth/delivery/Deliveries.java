package com.telconova.auth.delivery;

import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Marks an account's e-mail address as verified when a mail to it was sent, and as undeliverable
/// when sending was given up.
///
/// Notifications are told of in any order, so the time of the event decides: an older one never
/// replaces a newer one. Only what was sent to the account's present address counts.
public final class Deliveries {
  private static final String EMAIL = "EMAIL";

  /// The fields we need of `notification.sent` and `notification.failed`.
  ///
  /// @param address where it went; may be null
  private record Notification(UUID userId, String channel, String address) {
    Notification {
      Objects.requireNonNull(userId, "userId");
      Objects.requireNonNull(channel, "channel");
    }
  }

  /// What to do with each type of event.
  public Map<String, EventHandler> handlers() {
    return Map.of(
        "notification.sent", (handle, event) -> mark(handle, event, "VERIFIED"),
        "notification.failed", (handle, event) -> mark(handle, event, "UNDELIVERABLE"));
  }

  private static void mark(Handle handle, Event event, String state) {
    Notification notification = event.data(Notification.class);
    if (!notification.channel().equals(EMAIL) || notification.address() == null) {
      return;
    }
    handle
        .createUpdate(
            """
            update app_user set email_state = :state, email_state_at = :time
            where id = :user
              and email = :address
              and (email_state_at is null or email_state_at < :time)
            """)
        .bind("state", state)
        .bind("time", event.time())
        .bind("user", notification.userId())
        .bind("address", notification.address().strip().toLowerCase(Locale.ROOT))
        .execute();
  }
}
