package com.telconova.tracking.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Recipient;
import com.telconova.tracking.recipient.RecipientRepository;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Decides who is told what, and shows what was.
public final class Notifications {
  private static final String SUPERVISOR = "SUPERVISOR";
  private static final int MAX_SUPERVISORS = 500;

  private final Clock clock;
  private final Database database;
  private final Runnable wakeSender;
  private final NotificationRepository notifications = new NotificationRepository();
  private final RecipientRepository recipients = new RecipientRepository();

  /// @param wakeSender says that there is something to send; called after commits
  public Notifications(Clock clock, Database database, Runnable wakeSender) {
    this.clock = clock;
    this.database = database;
    this.wakeSender = wakeSender;
  }

  /// Queues a message for everybody who hears of this, as part of the caller's transaction. Each
  /// person is told of an event once on a channel, however often it comes.
  public void queue(Handle handle, News news) {
    Message message = new Message();
    Queueing queueing = begin(message, news);
    message.send(handle);
    Write.together(handle, queueing.writes(handle, news.critical()));
  }

  /// Begins to queue messages, as [#queue] does: asks who hears of this.
  public Queueing begin(Message message, News news) {
    return new Queueing(
        news,
        recipients.find(
            message,
            news.audience(),
            news.concernsSupervisors() ? SUPERVISOR : null,
            MAX_SUPERVISORS));
  }

  /// What is queued when it is known who hears of it.
  public final class Queueing {
    private final News news;
    private final Message.Found<Recipient> found;

    private Queueing(News news, Message.Found<Recipient> found) {
      this.news = news;
      this.found = found;
    }

    /// The messages, to be sent in the same transaction; may be none.
    ///
    /// @param critical whether they may disturb people
    public List<Write> writes(Handle handle, boolean critical) {
      Map<UUID, Recipient> known = new HashMap<>();
      Set<UUID> audience = new LinkedHashSet<>(news.audience());
      for (Recipient recipient : found.rows()) {
        known.put(recipient.userId(), recipient);
        audience.add(recipient.userId()); // who is found is one of them, or supervises
      }
      List<NotificationRepository.To> all = new ArrayList<>();
      for (UUID userId : audience) {
        Decision.channels(news.type(), Optional.ofNullable(known.get(userId)))
            .forEach(channel -> all.add(new NotificationRepository.To(userId, channel)));
      }
      if (all.isEmpty()) {
        return List.of();
      }
      handle.afterCommit(wakeSender);
      var message =
          new NotificationRepository.New(
              news.eventId(), news.type(), news.orderId(), news.data().toString(), false, critical);
      return List.of(notifications.inserting(message, all, clock.instant()));
    }
  }

  /// Queues a warning for a person whose password was changed, by whomever, as part of the caller's
  /// transaction.
  ///
  /// @param when the change was
  public void warnOfNewPassword(Handle handle, UUID eventId, UUID userId, Instant when) {
    JsonNode data = JsonNodeFactory.instance.objectNode().put("at", when.toString());
    queue(
        handle,
        new News(eventId, Templates.PASSWORD_CHANGED, null, userId, null, null, true, data));
  }

  /// Queues a message that somebody asked for, one for each channel.
  ///
  /// @return the messages, as they wait
  /// @throws Failure.Forbidden when the caller's role may not send this
  List<Notification> send(Principal caller, Wish wish) {
    boolean secret = Templates.SECRET.contains(wish.template());
    if (secret && caller.role() != Role.SERVICE) {
      throw new Failure.Forbidden(
          "Your role, %s, may not send %s.".formatted(caller.role(), wish.template()));
    }
    Instant now = clock.instant();
    UUID occasion = UuidCreator.getTimeOrderedEpoch();
    return database.inTransaction(handle -> {
      var message =
          new NotificationRepository.New(
              occasion,
              wish.template(),
              null,
              Mappers.TOLERANT.valueToTree(wish.parameters()).toString(),
              secret,
              secret);
      var all =
          wish.channels().stream()
              .map(channel -> new NotificationRepository.To(wish.userId(), channel))
              .toList();
      Write.together(handle, notifications.inserting(message, all, now));
      handle.afterCommit(wakeSender);
      return notifications.ofEvent(handle, occasion);
    });
  }

  /// A message that somebody asks for.
  ///
  /// @param parameters what the template is filled with
  record Wish(UUID userId, String template, Map<String, String> parameters, Set<Channel> channels) {
    /// Says nothing of the parameters, which may be secret.
    @Override
    public String toString() {
      return "Wish[" + template + " to " + userId + "]";
    }
  }

  /// Notes that the caller read a message of theirs. Idempotent.
  ///
  /// @throws Failure.NotFound when it is not theirs, or there is none
  void read(UUID userId, UUID id, Principal caller) {
    boolean found =
        caller.userId().equals(userId)
            && database.inTransaction(
                handle -> notifications.read(handle, id, userId, clock.instant()));
    if (!found) {
      throw new Failure.NotFound("You have no notification with this id.");
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
  /// @param channel,status only these; null for all
  /// @throws Failure.NotFound when the caller neither is that person nor supervises
  Page<Notification> list(
      UUID userId,
      Principal caller,
      Channel channel,
      Notification.Status status,
      Page.Request request) {
    if (!caller.userId().equals(userId) && !caller.supervises()) {
      throw new Failure.NotFound("There is nobody with this id whose notifications you may see.");
    }
    return Page.of(
        database.read(handle -> notifications.list(handle, userId, channel, status, request)),
        request,
        notification -> new Page.Cursor(notification.createdAt(), notification.id()));
  }
}
