package com.telconova.tracking.notification;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.Outbox;
import com.telconova.tracking.notification.mail.Mail;
import com.telconova.tracking.notification.mail.Mailer;
import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Recipient;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is queued, one message at a time, on a platform thread of its own named
/// `notification-sender`.
///
/// One at a time, so that a crash between sending and recording doubles one message at most; it has
/// the same Message-ID. Several processes may each run one.
public final class NotificationSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NotificationSender.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final String NO_SERVER = "No mail server can be reached at the moment.";

  /// Longer than the slowest mail server that we wait for: 3 s to connect, then 10 s for each of up
  /// to nine answers.
  static final Duration LEASE = Duration.ofMinutes(2);

  private final Clock clock;
  private final Retries retries;
  private final Deliveries deliveries;
  private final Templates templates;
  private final Mailer mailer;
  private final Counter settled;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;
  private boolean stalled;

  NotificationSender(
      Clock clock,
      Retries retries,
      Deliveries deliveries,
      Templates templates,
      Mailer mailer,
      CollectorRegistry registry) {
    this.clock = clock;
    this.retries = retries;
    this.deliveries = deliveries;
    this.templates = templates;
    this.mailer = mailer;
    this.settled =
        Counter.build("notifications_total", "Messages by what became of a try to send them.")
            .labelNames("channel", "outcome")
            .register(registry);
    this.thread = Thread.ofPlatform().name("notification-sender").unstarted(this::run);
  }

  /// @param mailer used by this sender alone
  public static NotificationSender of(
      Clock clock, Database database, Outbox outbox, Mailer mailer, CollectorRegistry registry) {
    return new NotificationSender(
        clock,
        Retries.STANDARD,
        new Deliveries(clock, LEASE, database, outbox),
        Templates.load(),
        mailer,
        registry);
  }

  public void start() {
    thread.start();
  }

  /// Says that there is something to send. Cheap, callable from any thread.
  public void wake() {
    wakeUps.release();
  }

  /// Finishes the message at hand, a few seconds at most, and sends no more.
  @Override
  public void close() {
    stopping = true;
    stop.release();
    wake();
    try {
      if (thread.isAlive() && !thread.join(STOP_LIMIT)) {
        log.warn("The sender did not end within {}; its message is sent again later", STOP_LIMIT);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mailer.disconnect();
  }

  /// Sends one message, if one is due.
  ///
  /// @return what became of it
  Optional<Result> pass() {
    return deliveries
        .claim()
        .map(delivery -> {
          Result result = attempt(delivery);
          stalled = result instanceof Result.Stalled;
          deliveries.settle(delivery, result);
          settled.labels(delivery.channel().name(), outcome(result)).inc();
          return result;
        });
  }

  private void run() {
    while (!stopping) {
      try {
        switch (pass().orElse(null)) {
          case Result.Stalled(Duration pause, _) -> rest(pause);
          case null -> waitForWork();
          case Result.Sent _, Result.Failed _, Result.Suppressed _, Result.Later _ -> {}
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("The sender could not work; it tries again", e);
        waitForWorkUnlessInterrupted();
      }
    }
  }

  private Result attempt(Delivery delivery) {
    if (delivery.attempts() > retries.attempts()) {
      return new Result.Failed(
          null, "Given up after %d tries that did not end.".formatted(retries.attempts()));
    }
    return delivery
        .recipient()
        .map(recipient ->
            recipient.active()
                ? send(delivery, recipient)
                : new Result.Suppressed("The account is not active."))
        .orElseGet(() -> waitForRecipient(delivery));
  }

  private Result waitForRecipient(Delivery delivery) {
    return isTooOld(delivery)
        ? new Result.Failed(null, "Nobody told us who this person is.")
        : new Result.Later(
            retries.pauseForRecipient(age(delivery)),
            false,
            "Waiting to learn who this person is.");
  }

  private Result send(Delivery delivery, Recipient recipient) {
    Message message =
        templates.render(
            recipient.locale(), delivery.template(), recipient.name(), delivery.parameters());
    Mail mail =
        new Mail(
            delivery.id(),
            recipient.email(),
            recipient.name(),
            recipient.locale(),
            message.subject(),
            message.body(),
            delivery.createdAt());
    return switch (mailer.send(mail)) {
      case Mailer.Sent _ -> new Result.Sent(message);
      case Mailer.Refused(String detail) -> new Result.Failed(message, detail);
      case Mailer.Deferred(String detail) ->
          delivery.attempts() < retries.attempts()
              ? new Result.Later(retries.pauseAfter(delivery.attempts()), true, detail)
              : new Result.Failed(message, detail);
      case Mailer.Unreachable(String detail) -> stall(delivery, message, detail);
    };
  }

  /// Why is for the log alone, once an outage: the person may see what is recorded, and needs no
  /// addresses of ours.
  private Result stall(Delivery delivery, Message message, String why) {
    if (!stalled) {
      log.warn("No mail can be sent: {}; trying again every {}", why, retries.stallPause());
    }
    return isTooOld(delivery)
        ? new Result.Failed(message, NO_SERVER)
        : new Result.Stalled(retries.stallPause(), NO_SERVER);
  }

  private boolean isTooOld(Delivery delivery) {
    return age(delivery).compareTo(retries.giveUpAfter()) > 0;
  }

  private Duration age(Delivery delivery) {
    return Duration.between(delivery.createdAt(), clock.instant());
  }

  private static String outcome(Result result) {
    return switch (result) {
      case Result.Sent _ -> "sent";
      case Result.Failed _ -> "failed";
      case Result.Suppressed _ -> "suppressed";
      case Result.Later _, Result.Stalled _ -> "deferred";
    };
  }

  private void waitForWork() throws InterruptedException {
    mailer.disconnect();
    if (wakeUps.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
      wakeUps.drainPermits();
    }
  }

  private void waitForWorkUnlessInterrupted() {
    try {
      rest(POLL);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  /// Waits whatever comes in meanwhile, unless it is told to stop.
  private void rest(Duration pause) throws InterruptedException {
    stop.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
