package com.telconova.tracking.notification;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Decides who is told what, and shows what was.
public final class Notifications {
  private final Clock clock;
  private final Database database;
  private final Runnable wakeSender;
  private final NotificationRepository notifications = new NotificationRepository();

  /// @param wakeSender says that there is something to send; called after commits
  public Notifications(Clock clock, Database database, Runnable wakeSender) {
    this.clock = clock;
    this.database = database;
    this.wakeSender = wakeSender;
  }

  /// Queues a message for everybody who hears of this, as part of the caller's transaction. Each
  /// person is told of an event once on a channel, however often it comes.
  public void queue(Handle handle, News news) {
    Instant now = clock.instant();
    for (UUID userId : news.audience()) {
      UUID id = UuidCreator.getTimeOrderedEpoch();
      notifications.insert(handle, id, news, userId, Notification.Channel.EMAIL, now);
      handle.afterCommit(wakeSender);
    }
  }

  /// Lets what waited for this person to become known go out, once the caller's transaction
  /// commits.
  public void recipientKnown(Handle handle, UUID userId) {
    if (notifications.release(handle, userId, clock.instant()) > 0) {
      handle.afterCommit(wakeSender);
    }
  }

  /// What a person was told, newest first.
  ///
  /// @throws Failure.NotFound when the caller neither is that person nor supervises
  Page<Notification> list(UUID userId, Principal caller, Page.Request request) {
    if (!caller.userId().equals(userId) && !caller.supervises()) {
      throw new Failure.NotFound("There is nobody with this id whose notifications you may see.");
    }
    return Page.of(
        database.read(handle -> notifications.list(handle, userId, request)),
        request,
        notification -> new Page.Cursor(notification.createdAt(), notification.id()));
  }
}
