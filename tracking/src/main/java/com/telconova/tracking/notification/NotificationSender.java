package com.telconova.tracking.notification;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Tracing;
import com.telconova.tracking.notification.carrier.Carrier;
import com.telconova.tracking.notification.carrier.Outcome;
import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Recipient;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private static final List<String> OUTCOMES = List.of("sent", "failed", "suppressed", "deferred");
  private static final String NO_SERVER = "No mail server can be reached at the moment.";

  private final Clock clock;
  private final Retries retries;
  private final Deliveries deliveries;
  private final Templates templates;
  private final UnsubscribeLinks links;
  private final Map<Channel, Carrier> carriers;
  private final Tracing tracing;
  private final Map<Channel, Instant> stalledUntil = new EnumMap<>(Channel.class);
  private final Counter settled;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;

  NotificationSender(
      Clock clock,
      Retries retries,
      Deliveries deliveries,
      Templates templates,
      UnsubscribeLinks links,
      Map<Channel, Carrier> carriers,
      Tracing tracing,
      CollectorRegistry registry) {
    this.clock = clock;
    this.retries = retries;
    this.deliveries = deliveries;
    this.templates = templates;
    this.links = links;
    this.carriers = new EnumMap<>(carriers);
    this.tracing = tracing;
    this.settled =
        Counter.build("notifications_total", "Messages by what became of a try to send them.")
            .labelNames("channel", "outcome")
            .register(registry);
    for (Channel channel : carriers.keySet()) {
      for (String outcome : OUTCOMES) {
        settled.labels(channel.name(), outcome); // or the first of each shows no increase
      }
    }
    this.thread = Thread.ofPlatform().name("notification-sender").unstarted(this::run);
  }

  /// @param lease how long a message is this sender's. Longer than the slowest mail server that we
  ///   wait for (3 s to connect, then 10 s for each of up to nine answers), or a mail is doubled
  /// @param carriers one for each channel, used by this sender alone
  public static NotificationSender of(
      Clock clock,
      Duration lease,
      Database database,
      Outbox outbox,
      UnsubscribeLinks links,
      Map<Channel, Carrier> carriers,
      Tracing tracing,
      CollectorRegistry registry) {
    return new NotificationSender(
        clock,
        Retries.STANDARD,
        new Deliveries(clock, lease, database, outbox),
        Templates.load(),
        links,
        carriers,
        tracing,
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
    carriers.values().forEach(Carrier::disconnect);
  }

  /// Sends one message, if one is due on a channel that is not down.
  ///
  /// @return what became of it
  Optional<Result> pass() {
    Instant now = clock.instant();
    Set<Channel> open = EnumSet.copyOf(carriers.keySet());
    open.removeIf(channel -> stalledUntil.getOrDefault(channel, Instant.MIN).isAfter(now));
    return deliveries.claim(open).map(this::deliver);
  }

  private Result deliver(Delivery delivery) {
    Span span =
        tracing.begin(Span.Kind.INTERNAL, "notify " + delivery.channel(), delivery.traceparent());
    span.set("microflow.notification.id", delivery.id().toString())
        .set("microflow.notification.template", delivery.template())
        .set("microflow.notification.attempt", delivery.attempts());
    try (Span.Scope _ = span.enter()) {
      Result result = attempt(delivery);
      if (result instanceof Result.Stalled(Duration pause, _)) {
        stalledUntil.put(delivery.channel(), clock.instant().plus(pause));
      } else if (result instanceof Result.Sent) {
        stalledUntil.remove(delivery.channel());
      }
      deliveries.settle(delivery, result);
      String outcome = outcome(result);
      settled.labels(delivery.channel().name(), outcome).inc();
      span.set("microflow.notification.outcome", outcome);
      log.debug("Notification {} by {}: {}", delivery.id(), delivery.channel(), outcome);
      if (result instanceof Result.Failed) {
        span.fail(outcome);
      }
      return result;
    } catch (RuntimeException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private void run() {
    while (!stopping) {
      try {
        if (pass().isEmpty()) {
          waitForWork();
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
    if (isExpired(delivery)) {
      return new Result.Failed(null, "It would have come too late to be of use.");
    }
    return delivery
        .recipient()
        .map(recipient ->
            switch (Decision.of(delivery, recipient, clock.instant())) {
              case Decision.Send(String address) -> send(delivery, recipient, address);
              case Decision.Suppress(String reason) -> new Result.Suppressed(reason);
              case Decision.Wait(Instant until, String why) -> new Result.Delayed(until, why);
            })
        .orElseGet(() -> waitForRecipient(delivery));
  }

  /// A secret is good until it expires; nothing else does.
  private boolean isExpired(Delivery delivery) {
    String expires = delivery.parameters().path("expiresAt").asText();
    return delivery.secret()
        && !expires.isEmpty()
        && !Instant.parse(expires).isAfter(clock.instant());
  }

  private Result waitForRecipient(Delivery delivery) {
    return isTooOld(delivery)
        ? new Result.Failed(null, "Nobody told us who this person is.")
        : new Result.Later(
            retries.pauseForRecipient(age(delivery)),
            false,
            "Waiting to learn who this person is.");
  }

  private Result send(Delivery delivery, Recipient recipient, String address) {
    Message message = templates.render(recipient, delivery.template(), delivery.parameters());
    Carrier.Parcel parcel =
        new Carrier.Parcel(
            delivery.id(),
            recipient,
            address,
            message,
            templates.shortText(delivery.template(), message),
            links.of(delivery, recipient),
            delivery.createdAt());
    return switch (carry(delivery.channel(), parcel)) {
      case Outcome.Sent _ -> new Result.Sent(message);
      case Outcome.Refused(String detail) -> new Result.Failed(message, detail);
      case Outcome.Deferred(String detail) ->
          delivery.attempts() < retries.attempts()
              ? new Result.Later(retries.pauseAfter(delivery.attempts()), true, detail)
              : new Result.Failed(message, detail);
      case Outcome.Unreachable(String detail) -> stall(delivery, message, detail);
    };
  }

  private Outcome carry(Channel channel, Carrier.Parcel parcel) {
    Span span = Span.within(Span.Kind.CLIENT, "send " + channel);
    try (Span.Scope _ = span.enter()) {
      Outcome outcome = carriers.get(channel).carry(parcel);
      if (!(outcome instanceof Outcome.Sent)) {
        span.fail(outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      }
      return outcome;
    } finally {
      span.end();
    }
  }

  /// Why is for the log alone, once an outage: the person may see what is recorded, and needs no
  /// addresses of ours.
  private Result stall(Delivery delivery, Message message, String why) {
    if (!stalledUntil.containsKey(delivery.channel())) {
      log.warn(
          "Nothing can be sent by {}: {}; trying again every {}",
          delivery.channel(),
          why,
          retries.stallPause());
    }
    return isTooOld(delivery)
        ? new Result.Failed(message, NO_SERVER)
        : new Result.Stalled(retries.stallPause(), NO_SERVER);
  }

  private boolean isTooOld(Delivery delivery) {
    return age(delivery).compareTo(retries.giveUpAfter()) > 0;
  }

  private Duration age(Delivery delivery) {
    return Duration.between(delivery.dueAt(), clock.instant());
  }

  private static String outcome(Result result) {
    return switch (result) {
      case Result.Sent _ -> "sent";
      case Result.Failed _ -> "failed";
      case Result.Suppressed _ -> "suppressed";
      case Result.Delayed _, Result.Later _, Result.Stalled _ -> "deferred";
    };
  }

  private void waitForWork() throws InterruptedException {
    carriers.values().forEach(Carrier::disconnect);
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
