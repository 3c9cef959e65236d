package com.telconova.tracking.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.tracking.notification.template.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The queue of what is to be told, and the record of what was.
final class NotificationRepository {
  private static final Page.Cursor END =
      new Page.Cursor(Instant.ofEpochSecond(253_402_300_799L), new UUID(-1, -1));

  /// Adds a message to be sent at once, unless this person was told of this event on this channel.
  void insert(
      Handle handle, UUID id, News news, UUID userId, Notification.Channel channel, Instant now) {
    handle
        .createUpdate(
            """
            insert into notification
              (id, event_id, user_id, channel, template, order_id, parameters, status,
               available_at, created_at)
            values (:id, :event, :user, :channel, :template, :order, :parameters::json, 'PENDING',
               :now, :now)
            on conflict on constraint notification_once do nothing
            """)
        .bind("id", id)
        .bind("event", news.eventId())
        .bind("user", userId)
        .bind("channel", channel)
        .bind("template", news.type())
        .bind("order", news.orderId())
        .bind("parameters", news.data().toString())
        .bind("now", now)
        .execute();
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
  Optional<Delivery> claim(Handle handle, Instant now, Duration lease) {
    return handle
        .createQuery(
            """
            with due as (
              select id from notification
              where status = 'PENDING' and available_at <= :now
              order by available_at, id
              limit 1
              for update skip locked)
            update notification
            set claim = :claim, attempts = attempts + 1, available_at = :until
            from due
            where notification.id = due.id
            returning notification.id, claim, user_id, channel, template, parameters, attempts,
                      created_at
            """)
        .bind("now", now)
        .bind("claim", UUID.randomUUID())
        .bind("until", now.plus(lease))
        .map(NotificationRepository::delivery)
        .findOne();
  }

  /// Ends a delivery.
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
                set status = :status, subject = :subject, body = :body, detail = :detail,
                    sent_at = :sentAt, claim = null
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

  /// What a person was told, newest first.
  List<Notification> list(Handle handle, UUID userId, Page.Request page) {
    Page.Cursor before = page.after() == null ? END : page.after();
    return handle
        .createQuery(
            """
            select id, order_id, template, channel, status, detail, subject, created_at, sent_at
            from notification
            where user_id = :user and (created_at, id) < (:time, :id)
            order by created_at desc, id desc
            limit :rows
            """)
        .bind("user", userId)
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
        Notification.Channel.valueOf(row.getString("channel")),
        Notification.Status.valueOf(row.getString("status")),
        row.getString("detail"),
        row.getString("subject"),
        instant(row, "created_at"),
        instant(row, "sent_at"));
  }

  private static Delivery delivery(ResultSet row, StatementContext ctx) throws SQLException {
    try {
      return new Delivery(
          row.getObject("id", UUID.class),
          row.getObject("claim", UUID.class),
          row.getObject("user_id", UUID.class),
          Notification.Channel.valueOf(row.getString("channel")),
          row.getString("template"),
          Mappers.TOLERANT.readTree(row.getString("parameters")),
          row.getInt("attempts"),
          instant(row, "created_at"),
          Optional.empty());
    } catch (JsonProcessingException e) {
      throw new SQLException("notification.parameters is not JSON", e);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
