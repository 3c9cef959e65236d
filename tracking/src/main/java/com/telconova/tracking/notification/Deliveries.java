package com.telconova.tracking.notification;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.tracking.notification.Notification.Status;
import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.RecipientRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of messages, from the sender's side: claim, then settle. Between the two nothing is
/// locked and no transaction is open, however long the carrier takes.
final class Deliveries {
  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  private final Clock clock;
  private final Duration lease;
  private final Database database;
  private final Outbox outbox;
  private final NotificationRepository notifications = new NotificationRepository();
  private final RecipientRepository recipients = new RecipientRepository();

  /// @param lease longer than any carrier takes; afterwards another sender may try
  Deliveries(Clock clock, Duration lease, Database database, Outbox outbox) {
    this.clock = clock;
    this.lease = lease;
    this.database = database;
    this.outbox = outbox;
  }

  /// Claims the next message that is due on one of these channels.
  Optional<Delivery> claim(Set<Channel> channels) {
    return database.inBackground(handle ->
        notifications
            .claim(handle, channels, clock.instant(), lease)
            .map(delivery -> delivery.to(recipients.find(handle, delivery.userId()))));
  }

  /// Records what became of it, with the event that says so. Without effect when the claim was lost
  /// meanwhile.
  void settle(Delivery delivery, Result result) {
    Instant now = clock.instant();
    boolean settled =
        database.inBackground(handle ->
            switch (result) {
              case Result.Sent(Message message) ->
                  notifications.end(handle, delivery, Status.SENT, message, null, now)
                      && publish(handle, delivery, NotificationEvent.SENT, null, now);
              case Result.Failed(Message message, String detail) -> {
                fallBack(handle, delivery, now); // before a secret's parameters are erased
                yield notifications.end(handle, delivery, Status.FAILED, message, detail, now)
                    && publish(handle, delivery, NotificationEvent.FAILED, detail, now);
              }
              case Result.Suppressed(String detail) ->
                  notifications.end(handle, delivery, Status.SUPPRESSED, null, detail, now);
              case Result.Delayed(Instant until, String detail) ->
                  notifications.delay(handle, delivery, until, detail);
              case Result.Later(Duration pause, boolean counted, String detail) ->
                  notifications.postpone(handle, delivery, now.plus(pause), counted, detail);
              case Result.Stalled(Duration pause, String detail) ->
                  notifications.postpone(handle, delivery, now.plus(pause), false, detail);
            });
    if (!settled) {
      log.warn(
          "Notification {} took longer than {}; somebody else has it now", delivery.id(), lease);
    }
  }

  /// Queues the message on another channel, unless the person is told of it there anyway.
  private void fallBack(Handle handle, Delivery delivery, Instant now) {
    if (!notifications.isToldElsewhere(handle, delivery)) {
      for (Channel channel : Decision.fallbacks(delivery, now)) {
        if (notifications.insertFallback(handle, delivery, channel, now)) {
          return;
        }
      }
    }
  }

  private boolean publish(
      Handle handle, Delivery delivery, String type, String detail, Instant now) {
    outbox.append(
        handle, delivery.userId(), now, NewEvent.of(type, NotificationEvent.of(delivery, detail)));
    return true;
  }
}
