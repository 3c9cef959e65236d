package com.telconova.tracking.recipient;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The projection of auth's users.
public final class RecipientRepository {
  public Optional<Recipient> find(Handle handle, UUID userId) {
    return handle
        .createQuery(
            """
            select user_id, email, name, phone, role, locale, time_zone, active
            from recipient where user_id = :user
            """)
        .bind("user", userId)
        .map(RecipientRepository::map)
        .findOne();
  }

  /// Keeps this recipient unless a newer event has been applied already.
  ///
  /// @param sequence the event's, among those of this user
  public void upsert(Handle handle, Recipient recipient, long sequence) {
    handle
        .createUpdate(
            """
            insert into recipient
              (user_id, email, name, phone, role, locale, time_zone, active, user_sequence)
            values (:user, :email, :name, :phone, :role, :locale, :zone, :active, :sequence)
            on conflict (user_id) do update
            set email = excluded.email, name = excluded.name, phone = excluded.phone,
                role = excluded.role, locale = excluded.locale, time_zone = excluded.time_zone,
                active = excluded.active, user_sequence = excluded.user_sequence
            where recipient.user_sequence <= excluded.user_sequence
            """)
        .bind("user", recipient.userId())
        .bind("email", recipient.email())
        .bind("name", recipient.name())
        .bind("phone", recipient.phone())
        .bind("role", recipient.role())
        .bind("locale", recipient.locale().getLanguage())
        .bind("zone", recipient.timeZone().getId())
        .bind("active", recipient.active())
        .bind("sequence", sequence)
        .execute();
  }

  private static Recipient map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Recipient(
        row.getObject("user_id", UUID.class),
        row.getString("email"),
        row.getString("name"),
        row.getString("phone"),
        row.getString("role"),
        Locale.of(row.getString("locale")),
        ZoneId.of(row.getString("time_zone")),
        row.getBoolean("active"));
  }
}
