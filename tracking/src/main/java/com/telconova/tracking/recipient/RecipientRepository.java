package com.telconova.tracking.recipient;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.database.Message;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The projection of auth's users.
public final class RecipientRepository {
  private static final String COLUMNS =
      """
      user_id, email, name, phone, role, locale, time_zone, active, preferences, unsubscribe_token,
      array(select event from unsubscription u where u.user_id = recipient.user_id) as unsubscribed
      """;

  public Optional<Recipient> find(Handle handle, UUID userId) {
    return handle
        .createQuery("select " + COLUMNS + "from recipient where user_id = :user")
        .bind("user", userId)
        .map(RecipientRepository::map)
        .findOne();
  }

  /// Adds the question for those of these users who are known, and for whoever has a role and an
  /// open account.
  ///
  /// @param role null for nobody beside
  /// @param limit how many of these at most
  public Message.Found<Recipient> find(
      Message message, Collection<UUID> userIds, String role, int limit) {
    Map<String, Object> values = new HashMap<>();
    values.put("users", userIds.toArray(UUID[]::new));
    values.put("role", role);
    values.put("rows", limit);
    return message.find(
        "select "
            + COLUMNS
            + """
            from recipient where user_id = any(:users || array(
              select user_id from recipient where role = :role and active
              order by user_id limit :rows))
            """,
        values,
        RecipientRepository::map);
  }

  /// Whoever the links in their mails know by this token.
  public Optional<Recipient> findByToken(Handle handle, UUID token) {
    return handle
        .createQuery("select " + COLUMNS + "from recipient where unsubscribe_token = :token")
        .bind("token", token)
        .map(RecipientRepository::map)
        .findOne();
  }

  /// Notes that somebody wants no more mail of a type of event.
  ///
  /// @param event may be [MailOptOut#EVERYTHING]
  public void unsubscribe(Handle handle, UUID userId, String event, Instant now) {
    handle
        .createUpdate(
            """
            insert into unsubscription (user_id, event, since) values (:user, :event, :now)
            on conflict do nothing
            """)
        .bind("user", userId)
        .bind("event", event)
        .bind("now", now)
        .execute();
  }

  /// Keeps this recipient unless a newer event has been applied already. Who chooses anew how to be
  /// told has taken back what they said by the link in a mail.
  ///
  /// @param sequence the event's, among those of this user
  public void upsert(Handle handle, Recipient recipient, long sequence) {
    handle
        .createUpdate(
            """
            with chose_anew as (
              select user_id from recipient
              where user_id = :user and user_sequence <= :sequence
                and preferences::jsonb is distinct from :preferences::jsonb),
            subscribed_again as (
              delete from unsubscription using chose_anew
              where unsubscription.user_id = chose_anew.user_id)
            insert into recipient
              (user_id, email, name, phone, role, locale, time_zone, active,
               preferences, user_sequence)
            values (:user, :email, :name, :phone, :role, :locale, :zone, :active,
               :preferences::json, :sequence)
            on conflict (user_id) do update
            set email = excluded.email, name = excluded.name, phone = excluded.phone,
                preferences = excluded.preferences,
                role = excluded.role, locale = excluded.locale, time_zone = excluded.time_zone,
                active = excluded.active, user_sequence = excluded.user_sequence
            where recipient.user_sequence <= excluded.user_sequence
            """)
        .bind("user", recipient.userId())
        .bind("email", recipient.email())
        .bind("name", recipient.name())
        .bind("phone", recipient.phone())
        .bind("preferences", Mappers.TOLERANT.valueToTree(recipient.preferences()).toString())
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
        row.getBoolean("active"),
        preferences(row.getString("preferences")),
        Optional.of(
            new MailOptOut(
                row.getObject("unsubscribe_token", UUID.class),
                Set.of((String[]) row.getArray("unsubscribed").getArray()))));
  }

  private static Preferences preferences(String json) throws SQLException {
    try {
      return json == null ? Preferences.NONE : Preferences.of(Mappers.TOLERANT.readTree(json));
    } catch (JsonProcessingException e) {
      throw new SQLException("recipient.preferences is not JSON", e);
    }
  }
}
