package com.telconova.tracking.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Write;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.trace.Trace;
import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.recipient.Channel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The queue of what is to be told, and the record of what was.
final class NotificationRepository {
  private static final Page.Cursor END =
      new Page.Cursor(Instant.ofEpochSecond(253_402_300_799L), new UUID(-1, -1));

  /// A message to be queued.
  ///
  /// @param eventId what makes it one of a kind, together with person and channel
  /// @param orderId what it is about; may be null
  record New(
      UUID eventId,
      String template,
      UUID orderId,
      String parameters,
      boolean secret,
      boolean critical) {}

  /// To whom a message goes, and how.
  record To(UUID userId, Channel channel) {}

  /// Adds messages to be sent at once, unless a person was told of this event on this channel. One
  /// statement, however many they go to.
  Write inserting(New message, List<To> all, Instant now) {
    Map<String, Object> values = new HashMap<>();
    values.put(
        "ids", all.stream().map(_ -> UuidCreator.getTimeOrderedEpoch()).toArray(UUID[]::new));
    values.put("users", all.stream().map(To::userId).toArray(UUID[]::new));
    values.put("channels", all.stream().map(to -> to.channel().name()).toArray(String[]::new));
    values.put("event", message.eventId());
    values.put("template", message.template());
    values.put("order", message.orderId());
    values.put("parameters", message.parameters());
    values.put("secret", message.secret());
    values.put("critical", message.critical());
    values.put("now", now);
    values.put("traceparent", Trace.current().map(Trace::traceparent).orElse(null));
    return new Write(
        """
        insert into notification
          (id, event_id, user_id, channel, template, order_id, parameters, secret, critical,
           status, available_at, created_at, due_at, traceparent)
        select one.id, :event, one.user_id, one.channel, :template, :order::uuid,
          :parameters::json, :secret, :critical, 'PENDING', :now, :now, :now, :traceparent
        from unnest(:ids, :users, :channels) as one (id, user_id, channel)
        on conflict on constraint notification_once do nothing
        """,
        values);
  }

  /// Whether this person was told, or is to be told, of the same event on another channel.
  boolean isToldElsewhere(Handle handle, Delivery delivery) {
    return handle
        .createQuery(
            """
            select exists (
              select 1 from notification this
              join notification other using (event_id, user_id)
              where this.id = :id and other.id <> this.id and other.status in ('PENDING', 'SENT'))
            """)
        .bind("id", delivery.id())
        .mapTo(Boolean.class)
        .one();
  }

  /// Queues the same message on another channel, if its sender still holds it.
  ///
  /// @return false when it was tried there before
  boolean insertFallback(Handle handle, Delivery failed, Channel channel, Instant now) {
    return handle
            .createUpdate(
                """
                insert into notification
                  (id, event_id, user_id, channel, fallback_for, template, order_id, parameters,
                   secret, critical, status, available_at, created_at, due_at, traceparent)
                select :new, event_id, user_id, :channel, channel, template, order_id, parameters,
                  secret, critical, 'PENDING', :now, :now, :now, traceparent
                from notification where id = :id and claim = :claim and status = 'PENDING'
                on conflict on constraint notification_once do nothing
                """)
            .bind("new", UuidCreator.getTimeOrderedEpoch())
            .bind("id", failed.id())
            .bind("claim", failed.claim())
            .bind("channel", channel)
            .bind("now", now)
            .execute()
        == 1;
  }

  /// Lets what waits for this person go at once. What somebody is sending is left alone.
  ///
  /// @return how many
  int release(Handle handle, UUID userId, Instant now) {
    return handle
        .createUpdate(
            """
            update notification set available_at = :now
            where user_id = :user and status = 'PENDING' and claim is null and attempts = 0
            """)
        .bind("user", userId)
        .bind("now", now)
        .execute();
  }

  /// Takes the message that is due longest, for as long as the lease lasts; others skip it.
  Optional<Delivery> claim(Handle handle, Set<Channel> channels, Instant now, Duration lease) {
    return handle
        .createQuery(
            """
            with due as (
              select id from notification
              where status = 'PENDING' and available_at <= :now and channel = any(:channels)
              order by available_at, id
              limit 1
              for update skip locked)
            update notification
            set claim = :claim, attempts = attempts + 1, available_at = :until
            from due
            where notification.id = due.id
            returning notification.id, claim, user_id, channel, fallback_for, template,
                      parameters, secret, critical, attempts, created_at, due_at, traceparent
            """)
        .bindArray("channels", String.class, channels.stream().map(Channel::name).toList())
        .bind("now", now)
        .bind("claim", UUID.randomUUID())
        .bind("until", now.plus(lease))
        .map(NotificationRepository::delivery)
        .findOne();
  }

  /// Ends a delivery. Of what was secret only the subject stays.
  ///
  /// @param message what was written, or null
  /// @return false, with nothing changed, when the claim was lost to somebody else
  boolean end(
      Handle handle,
      Delivery delivery,
      Notification.Status status,
      Message message,
      String detail,
      Instant now) {
    return handle
            .createUpdate(
                """
                update notification
                set status = :status, subject = :subject, detail = :detail, sent_at = :sentAt,
                    body = case when secret then null else :body end,
                    parameters = case when secret then '{}' else parameters end, claim = null
                where id = :id and claim = :claim and status = 'PENDING'
                """)
            .bind("id", delivery.id())
            .bind("claim", delivery.claim())
            .bind("status", status)
            .bind("subject", message == null ? null : message.subject())
            .bind("body", message == null ? null : message.body())
            .bind("detail", detail)
            .bind("sentAt", status == Notification.Status.SENT ? now : null)
            .execute()
        == 1;
  }

  /// Gives a delivery back, to be tried again.
  ///
  /// @param counted whether this try counts as one
  /// @return false, with nothing changed, when the claim was lost to somebody else
  boolean postpone(
      Handle handle, Delivery delivery, Instant until, boolean counted, String detail) {
    return handle
            .createUpdate(
                """
                update notification
                set available_at = :until, attempts = attempts - :uncounted, detail = :detail,
                    claim = null
                where id = :id and claim = :claim and status = 'PENDING'
                """)
            .bind("id", delivery.id())
            .bind("claim", delivery.claim())
            .bind("until", until)
            .bind("uncounted", counted ? 0 : 1)
            .bind("detail", detail)
            .execute()
        == 1;
  }

  /// Gives a delivery back untried, to be sent later; nothing of its time has passed then.
  ///
  /// @return false, with nothing changed, when the claim was lost to somebody else
  boolean delay(Handle handle, Delivery delivery, Instant until, String detail) {
    return handle
            .createUpdate(
                """
                update notification
                set available_at = :until, due_at = :until, attempts = attempts - 1,
                    detail = :detail, claim = null
                where id = :id and claim = :claim and status = 'PENDING'
                """)
            .bind("id", delivery.id())
            .bind("claim", delivery.claim())
            .bind("until", until)
            .bind("detail", detail)
            .execute()
        == 1;
  }

  /// Notes that a person read a message; the first time counts.
  ///
  /// @return false when they have no such message
  boolean read(Handle handle, UUID id, UUID userId, Instant now) {
    return handle
            .createUpdate(
                """
                update notification set read_at = coalesce(read_at, :now)
                where id = :id and user_id = :user
                """)
            .bind("id", id)
            .bind("user", userId)
            .bind("now", now)
            .execute()
        == 1;
  }

  /// Messages that came of one event, by channel.
  List<Notification> ofEvent(Handle handle, UUID eventId) {
    return handle
        .createQuery(
            """
            select id, order_id, template, channel, fallback_for, status, detail, subject,
                   created_at, sent_at, read_at
            from notification where event_id = :event order by channel limit 100
            """)
        .bind("event", eventId)
        .map(NotificationRepository::notification)
        .list();
  }

  /// What a person was told, newest first.
  ///
  /// @param channel,status only these; null for all
  List<Notification> list(
      Handle handle, UUID userId, Channel channel, Notification.Status status, Page.Request page) {
    Page.Cursor before = page.after() == null ? END : page.after();
    return handle
        .createQuery(
            """
            select id, order_id, template, channel, fallback_for, status, detail, subject,
                   created_at, sent_at, read_at
            from notification
            where user_id = :user and (created_at, id) < (:time, :id)
              and (:channel::text is null or channel = :channel)
              and (:status::text is null or status = :status)
            order by created_at desc, id desc
            limit :rows
            """)
        .bind("user", userId)
        .bind("channel", channel == null ? null : channel.name())
        .bind("status", status == null ? null : status.name())
        .bind("time", before.time())
        .bind("id", before.id())
        .bind("rows", page.rows())
        .map(NotificationRepository::notification)
        .list();
  }

  private static Notification notification(ResultSet row, StatementContext ctx)
      throws SQLException {
    return new Notification(
        row.getObject("id", UUID.class),
        row.getObject("order_id", UUID.class),
        row.getString("template"),
        Channel.valueOf(row.getString("channel")),
        channel(row.getString("fallback_for")),
        Notification.Status.valueOf(row.getString("status")),
        row.getString("detail"),
        row.getString("subject"),
        instant(row, "created_at"),
        instant(row, "sent_at"),
        instant(row, "read_at"));
  }

  private static Delivery delivery(ResultSet row, StatementContext ctx) throws SQLException {
    try {
      return new Delivery(
          row.getObject("id", UUID.class),
          row.getObject("claim", UUID.class),
          row.getObject("user_id", UUID.class),
          Channel.valueOf(row.getString("channel")),
          channel(row.getString("fallback_for")),
          row.getString("template"),
          Mappers.TOLERANT.readTree(row.getString("parameters")),
          row.getBoolean("secret"),
          row.getBoolean("critical"),
          row.getInt("attempts"),
          instant(row, "created_at"),
          instant(row, "due_at"),
          row.getString("traceparent"),
          Optional.empty());
    } catch (JsonProcessingException e) {
      throw new SQLException("notification.parameters is not JSON", e);
    }
  }

  private static Channel channel(String name) {
    return name == null ? null : Channel.valueOf(name);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
