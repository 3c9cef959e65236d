package com.telconova.shared.event;

import com.telconova.shared.lifecycle.Drainable;
import com.telconova.shared.trace.Trace;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// Polls one queue on platform threads named after it, so that they show in `ps -L`, a thread dump
/// and a recording, and handles messages on virtual threads: so many at once, those of one subject
/// in order.
///
/// A message is deleted after its handler returned. One that fails comes again later and later, and
/// after five receives SQS moves it to the dead-letter queue; we never delete it. While a handler
/// works, the message's invisibility is renewed, up to a deadline. Knows no domain.
public final class SqsConsumer implements Drainable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqsConsumer.class);
  private static final int MAX_BATCH = 10;
  private static final Duration HANDLER_DEADLINE = Duration.ofSeconds(90);
  private static final int RETRY_SECONDS = 5;
  private static final int MAX_RETRY_SECONDS = 900;
  private static final Duration MAX_POLL_PAUSE = Duration.ofSeconds(30);

  private final EventConfig config;
  private final SqsClient sqs;
  private final Consumer<Event> handler;
  private final Deletions deletions;
  private final Lanes lanes;
  private final Semaphore slots;
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final List<Thread> pollers;
  private final Thread heartbeat;
  private final Counter received;
  private final Counter handled;
  private final Histogram duration;
  private volatile boolean stopping;

  /// A message received and not yet settled.
  private static final class Held {
    final Message message;
    final long since = System.nanoTime();
    volatile Thread worker;

    Held(Message message) {
      this.message = message;
    }

    boolean overdue() {
      return System.nanoTime() - since > HANDLER_DEADLINE.toNanos();
    }

    int receiveCount() {
      return Integer.parseInt(
          message
              .attributes()
              .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
    }
  }

  /// @param handler the effect of an event; throws to have it again
  public SqsConsumer(
      EventConfig config, SqsClient sqs, Consumer<Event> handler, CollectorRegistry registry) {
    this.config = config;
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

  public void start() {
    pollers.forEach(Thread::start);
    heartbeat.start();
  }

  /// Polls no more. A poll under way is not cut: that would strand the message it is about to get.
  @Override
  public void quiesce() {
    stopping = true;
  }

  /// Waits for what is being handled; gives back what was not begun or not finished.
  @Override
  public void drain(Duration limit) {
    stopping = true;
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
    held.values().forEach(this::release);
    deletions.flush();
  }

  @Override
  public void close() {
    drain(Duration.ZERO);
    pollers.forEach(Thread::interrupt);
  }

  private void poll() {
    Duration pause = Duration.ZERO;
    while (!stopping) {
      int taken = 0;
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        taken = takeSlots();
        List<Message> messages = taken == 0 ? List.of() : receive(taken);
        slots.release(taken - messages.size());
        taken = 0;
        messages.forEach(this::accept);
        pause = Duration.ZERO;
      } catch (InterruptedException e) {
        return;
      } catch (SdkException e) {
        slots.release(taken);
        pause = longer(pause);
        log.warn("Could not poll {}; next try in {} ms", config.queueName(), pause.toMillis(), e);
      }
    }
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

  private List<Message> receive(int max) {
    List<Message> messages =
        sqs.receiveMessage(r ->
                r.queueUrl(config.queueUrl())
                    .maxNumberOfMessages(max)
                    .waitTimeSeconds((int) config.pollWait().toSeconds())
                    .visibilityTimeout((int) config.visibility().toSeconds())
                    .messageSystemAttributeNames(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
            .messages();
    received.inc(messages.size());
    return messages;
  }

  private void accept(Message message) {
    Held item = new Held(message);
    held.put(message.messageId(), item);
    Event event = null;
    try {
      event = Event.fromJson(message.body());
    } catch (IllegalArgumentException e) {
      log.warn(
          "Message {} cannot be read; it will end in the dead-letter queue",
          message.messageId(),
          e);
    }
    Event readable = event;
    Object lane = readable == null ? message.messageId() : readable.subject();
    lanes.submit(lane, () -> work(item, readable));
  }

  private void work(Held item, Event event) {
    try {
      if (stopping) {
        release(item);
      } else if (event == null) {
        handled.labels("unreadable", "failed").inc();
        retryLater(item);
      } else {
        item.worker = Thread.currentThread();
        handle(item, event);
      }
    } finally {
      held.remove(item.message.messageId());
      slots.release();
    }
  }

  private void handle(Held item, Event event) {
    Histogram.Timer timer = duration.labels(event.type()).startTimer();
    try (Trace.Scope _ = Trace.from(event.traceparent()).enter()) {
      handler.accept(event);
      handled.labels(event.type(), "done").inc();
      deletions.add(item.message.receiptHandle());
    } catch (RuntimeException e) {
      handled.labels(event.type(), "failed").inc();
      log.warn(
          "Handling {} {} failed at receive {}; it will be tried again",
          event.type(),
          event.id(),
          item.receiveCount(),
          e);
      retryLater(item);
    } finally {
      timer.observeDuration();
    }
  }

  /// 5 s, 10 s, 20 s, …, each with up to half of it taken off.
  private void retryLater(Held item) {
    long full = (long) RETRY_SECONDS << Math.min(item.receiveCount() - 1, 20);
    long capped = Math.min(full, MAX_RETRY_SECONDS);
    hide(item, capped - ThreadLocalRandom.current().nextLong(capped / 2 + 1));
  }

  /// Gives a message back for somebody else to take at once.
  private void release(Held item) {
    hide(item, 0);
  }

  private void hide(Held item, long seconds) {
    try {
      sqs.changeMessageVisibility(r ->
          r.queueUrl(config.queueUrl())
              .receiptHandle(item.message.receiptHandle())
              .visibilityTimeout((int) seconds));
    } catch (SdkException e) {
      log.warn("Message {} stays hidden for now", item.message.messageId(), e);
    }
  }

  private void beat() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(config.visibility().dividedBy(3).toNanos());
        held.values().forEach(this::renew);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(Held item) {
    Thread worker = item.worker;
    if (!item.overdue()) {
      hide(item, config.visibility().toSeconds());
    } else if (worker != null) {
      log.warn("Message {} took longer than {}", item.message.messageId(), HANDLER_DEADLINE);
      worker.interrupt();
    }
  }

  private static Duration longer(Duration pause) {
    Duration next = pause.isZero() ? Duration.ofSeconds(1) : pause.multipliedBy(2);
    return next.compareTo(MAX_POLL_PAUSE) > 0 ? MAX_POLL_PAUSE : next;
  }
}
