package com.telconova.shared.event;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Drainable;
import com.telconova.shared.lifecycle.Readiness;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Trace;
import com.telconova.shared.trace.Tracing;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// Polls one queue on platform threads named after it, so that they show in `ps -L`, a thread dump
/// and a recording, and handles messages on virtual threads: so many at once, those of one subject
/// in order.
///
/// A message is deleted after its handler returned. One that fails comes again later and later, and
/// after five receives SQS moves it to the dead-letter queue; we never delete it. While a handler
/// works, the message's invisibility is renewed, up to a deadline. While what handlers need is
/// away, nothing is received: each receive counts, and an outage must not make dead letters. Knows
/// no domain.
public final class SqsConsumer implements Drainable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqsConsumer.class);
  private static final int MAX_BATCH = 10;
  private static final Duration MAX_POLL_PAUSE = Duration.ofSeconds(30);
  private static final Duration POLL_MARGIN = Duration.ofSeconds(10);
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(1);

  private final EventConfig config;
  private final Pace pace;
  private final SqsClient sqs;
  private final Consumer<Event> handler;
  private final Receiving receiving;
  private final Deletions deletions;
  private final Lanes lanes;
  private final Semaphore slots;
  private final Set<Held> held = ConcurrentHashMap.newKeySet();
  private final List<Thread> pollers;
  private final Thread heartbeat;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Readiness.Check need = Optional::empty;
  private volatile boolean inDoubt;
  private final Counter received;
  private final Counter handled;
  private final Histogram duration;

  /// How patient the consumer is.
  ///
  /// @param deadline how long a handler may take before it is interrupted
  /// @param firstRetry how long a message rests after its first failure; each further failure
  ///   doubles it, up to `maxRetry`; up to half of it is taken off at random
  /// @param pollPause how long polling rests after its first failure; each further one doubles it
  record Pace(Duration deadline, Duration firstRetry, Duration maxRetry, Duration pollPause) {
    static Pace of(Duration firstRetry) {
      return new Pace(
          Duration.ofSeconds(90), firstRetry, Duration.ofMinutes(15), Duration.ofSeconds(1));
    }

    Duration retry(int receiveCount) {
      long full = firstRetry.toMillis() << Math.clamp(receiveCount - 1, 0, 20);
      long capped = Math.min(full, maxRetry.toMillis());
      return Duration.ofMillis(capped - ThreadLocalRandom.current().nextLong(capped / 2 + 1));
    }
  }

  /// Consumes without tracing.
  public SqsConsumer(
      EventConfig config, SqsClient sqs, Consumer<Event> handler, CollectorRegistry registry) {
    this(config, sqs, handler, Tracing.OFF, registry);
  }

  /// @param handler the effect of an event; throws to have it again
  public SqsConsumer(
      EventConfig config,
      SqsClient sqs,
      Consumer<Event> handler,
      Tracing tracing,
      CollectorRegistry registry) {
    this(config, Pace.of(config.firstRetry()), sqs, handler, tracing, registry);
  }

  SqsConsumer(
      EventConfig config,
      Pace pace,
      SqsClient sqs,
      Consumer<Event> handler,
      CollectorRegistry registry) {
    this(config, pace, sqs, handler, Tracing.OFF, registry);
  }

  SqsConsumer(
      EventConfig config,
      Pace pace,
      SqsClient sqs,
      Consumer<Event> handler,
      Tracing tracing,
      CollectorRegistry registry) {
    this.config = config;
    this.receiving = new Receiving(tracing, config);
    this.pace = pace;
    this.sqs = sqs;
    this.handler = handler;
    this.deletions = new Deletions(sqs, config.queueUrl());
    this.lanes = new Lanes("event-");
    this.slots = new Semaphore(config.concurrency());
    this.pollers =
        IntStream.range(0, config.pollers())
            .mapToObj(
                n -> Thread.ofPlatform().name(config.queueName() + "-" + n).unstarted(this::poll))
            .toList();
    this.heartbeat = Thread.ofVirtual().name("event-heartbeat").unstarted(this::beat);
    this.received =
        Counter.build("sqs_received_total", "Messages received from the queue.").register(registry);
    this.handled =
        Counter.build("sqs_handled_total", "Messages settled, by type and outcome.")
            .labelNames("type", "outcome")
            .register(registry);
    this.duration =
        Histogram.build("sqs_handle_duration_seconds", "How long handlers take.")
            .labelNames("type")
            .register(registry);
  }

  /// Names what handlers cannot work without; asked before the next poll when one has failed, and
  /// again until it is there. To be called before the start.
  ///
  /// @return this
  public SqsConsumer require(Readiness.Check need) {
    this.need = need;
    return this;
  }

  public void start() {
    pollers.forEach(Thread::start);
    heartbeat.start();
  }

  /// Polls no more. A poll under way is not cut: that would strand the message it is about to get.
  @Override
  public void quiesce() {
    stopping.countDown();
  }

  /// Waits for what is being handled; gives back what was not begun. What is not finished in time
  /// is interrupted and given back too.
  @Override
  public void drain(Duration limit) {
    quiesce();
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      for (Thread poller : pollers) {
        if (poller.isAlive()) {
          poller.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
      }
      while (!held.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeat.interrupt();
    held.forEach(Held::takeAway);
    deletions.flush(FLUSH_LIMIT);
  }

  @Override
  public void close() {
    drain(Duration.ZERO);
    pollers.forEach(Thread::interrupt);
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void poll() {
    Duration pause = Duration.ZERO;
    while (!isStopping()) {
      int taken = 0;
      try {
        if (stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        if (mustWait(pause)) {
          pause = pace.pollPause();
          continue;
        }
        taken = takeSlots();
        QueuePollEvent told = taken == 0 ? null : QueuePollEvent.started();
        Instant since = Instant.now();
        List<Received> messages = taken == 0 ? List.of() : receive(taken);
        if (told != null) {
          told.end();
        }
        List<Trace> receipt = receiving.receipt(since, messages);
        for (Received message : messages) {
          accept(message, receipt, told);
          taken--; // it is the message's now
        }
        if (told != null) {
          told.commit(config.queueName(), messages.size());
        }
        pause = Duration.ZERO;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) { // whatever it is, the queue must be polled again
        pause = longer(pause);
        log.warn(
            "Could not poll {}, next try in {}: {}",
            config.queueName(),
            pause,
            CannotStart.reason(e));
      } finally {
        slots.release(Math.max(0, taken));
      }
    }
  }

  private boolean mustWait(Duration pause) {
    Optional<String> fault = inDoubt ? need.fault() : Optional.empty();
    if (fault.isPresent() && pause.isZero()) {
      log.warn("{} is not polled until this is over: {}", config.queueName(), fault.get());
    }
    inDoubt = fault.isPresent();
    return inDoubt;
  }

  private int takeSlots() throws InterruptedException {
    if (!slots.tryAcquire(1, TimeUnit.SECONDS)) {
      return 0;
    }
    int more = 1;
    while (more < MAX_BATCH && slots.tryAcquire()) {
      more++;
    }
    return more;
  }

  /// @param event empty when the message cannot be read
  record Received(Message message, Optional<Event> event) {}

  private List<Received> receive(int max) {
    List<Message> messages =
        sqs.receiveMessage(r ->
                r.queueUrl(config.queueUrl())
                    .maxNumberOfMessages(max)
                    .waitTimeSeconds((int) config.pollWait().toSeconds())
                    .visibilityTimeout((int) config.visibility().toSeconds())
                    .messageSystemAttributeNames(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                    .overrideConfiguration(
                        o -> o.apiCallTimeout(config.pollWait().plus(POLL_MARGIN))))
            .messages();
    received.inc(messages.size());
    return messages.stream().map(message -> new Received(message, read(message))).toList();
  }

  private void accept(Received one, List<Trace> receipt, QueuePollEvent told) {
    Message message = one.message();
    Optional<Event> event = one.event();
    Held item = new Held(sqs, config.queueUrl(), message);
    if (told != null) {
      event.ifPresent(told::add);
    }
    held.add(item);
    try {
      Object lane = event.<Object>map(Event::subject).orElse(message.messageId());
      lanes.submit(lane, () -> work(item, event, receipt));
    } catch (RuntimeException | Error e) {
      held.remove(item);
      throw e;
    }
  }

  private static Optional<Event> read(Message message) {
    try {
      return Optional.of(Event.fromJson(message.body()));
    } catch (IllegalArgumentException e) {
      log.warn(
          "Message {} cannot be read; it will end in the dead-letter queue: {}",
          message.messageId(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private void work(Held item, Optional<Event> event, List<Trace> receipt) {
    try {
      if (isStopping()) {
        item.comeAgain(Duration.ZERO);
      } else if (event.isEmpty()) {
        handled.labels("unreadable", "failed").inc();
        item.comeAgain(pace.retry(item.receiveCount()));
      } else {
        handle(item, event.get(), receipt);
      }
    } finally {
      held.remove(item);
      slots.release();
    }
  }

  private void handle(Held item, Event event, List<Trace> receipt) {
    Histogram.Timer timer = duration.labels(event.type()).startTimer();
    EventHandledEvent told = EventHandledEvent.started(event);
    Span span = receiving.handling(item, event, receipt);
    String outcome = "failed";
    try (Span.Scope _ = span.enter();
        MDC.MDCCloseable _ = MDC.putCloseable("eventId", event.id().toString())) {
      runHandler(item, event);
      item.done();
      outcome = "done";
      handled.labels(event.type(), "done").inc();
      deletions.add(item.message().receiptHandle());
      log.debug("Handled {} {}", event.type(), event.id());
    } catch (RuntimeException | Error e) { // an Error, too, is this message's and not the queue's
      handled.labels(event.type(), "failed").inc();
      span.fail(e);
      log.warn(
          "Handling {} {} failed at receive {}; it will be tried again",
          event.type(),
          event.id(),
          item.receiveCount(),
          e);
      inDoubt = true;
      item.comeAgain(pace.retry(item.receiveCount()));
    } finally {
      timer.observeDuration();
      if (told != null) {
        told.commit(event, item.receiveCount(), outcome, span.trace().traceId());
      }
      span.end();
    }
  }

  private void runHandler(Held item, Event event) {
    item.begin();
    try {
      handler.accept(event);
    } finally {
      item.end();
    }
  }

  /// Each message by itself: one slow answer must not let the others' time run out.
  private void beat() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(config.visibility().dividedBy(3).toNanos());
        held.forEach(item ->
            Thread.startVirtualThread(() -> item.keep(config.visibility(), pace.deadline())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration longer(Duration pause) {
    Duration next = pause.isZero() ? pace.pollPause() : pause.multipliedBy(2);
    return next.compareTo(MAX_POLL_PAUSE) > 0 ? MAX_POLL_PAUSE : next;
  }
}
