package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.Publisher.Outcome;
import com.telconova.shared.lifecycle.CannotStart;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what the [Outbox] holds, on a platform thread of its own named `outbox-relay`.
///
/// A pass claims (with a lease), publishes outside any transaction, and marks with the claim as a
/// fence: a relay that slept past its lease marks nothing. Only the lowest unsent sequence of each
/// subject is claimed, so a subject's events leave in order, whichever of several relays sends
/// them. An event that is refused is tried again, ever more slowly, and never dropped. While the
/// topic as a whole is away, no event is to blame: all are due as before, and the relay rests, 1 s
/// to 10 s, until one gets through.
public final class Relay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final int CLAIM = 100;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(1);
  private static final List<String> REASONS = List.of("refused", "unreachable");

  private final Claims claims;
  private final Database database;
  private final Publisher publisher;
  private final Counter published;
  private final Counter failed;
  private final OutboxGauges gauges;
  private final Semaphore wakeUps = new Semaphore(0);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Outage outage = new Outage();
  private final Thread thread;

  /// @param source the `source` of every event, such as `urn:microflow:workorder`
  /// @param lease how long a claim lasts unless it is marked
  public Relay(
      String source,
      Duration lease,
      Database database,
      Publisher publisher,
      CollectorRegistry registry) {
    this.claims = new Claims(source, lease);
    this.database = database;
    this.publisher = publisher;
    this.published =
        Counter.build("outbox_published_total", "Events accepted by the topic.")
            .labelNames("type")
            .register(registry);
    this.failed =
        Counter.build(
                "outbox_publish_failures_total",
                "Events tried and not accepted, by reason; all are kept for a retry.")
            .labelNames("reason")
            .register(registry);
    REASONS.forEach(failed::labels);
    this.gauges = new OutboxGauges(database, registry);
    this.thread = Thread.ofPlatform().name("outbox-relay").unstarted(this::run);
  }

  public void start() {
    thread.start();
    gauges.start();
  }

  /// Says that there is something to publish. Cheap, callable from any thread.
  public void wake() {
    wakeUps.release();
  }

  /// Publishes what is left in a last pass, then ends the thread. While the topic is away there is
  /// none: it was tried a moment ago, and what waits is sent after a restart.
  @Override
  public void close() {
    stopping.countDown();
    wake();
    try {
      if (thread.isAlive() && !thread.join(STOP_LIMIT)) {
        log.warn(
            "The relay did not end within {}; what it holds is sent after a restart", STOP_LIMIT);
        thread.interrupt();
        thread.join(RELEASE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gauges.close();
  }

  /// Claims, publishes and settles once.
  ///
  /// @return how many events were claimed
  public int pass() {
    UUID claim = UUID.randomUUID();
    List<Event> events = database.inBackground(handle -> claims.take(handle, claim, CLAIM));
    if (events.isEmpty()) {
      outage.over(); // as far as we know: the next event shows, and it shall not wait to do so
      return 0;
    }
    List<Event> tried = outage.isOn() ? List.of(anyOf(events)) : events;
    Outcome outcome = publish(tried);
    // A stop that cuts a call short must not keep the claims from being settled.
    boolean _ = Thread.interrupted();
    note(outcome, tried);
    Set<UUID> untold = ids(tried);
    untold.removeAll(outcome.accepted());
    Set<UUID> refused = outcome.unreachable() ? outcome.refused() : untold;
    Set<UUID> untried = ids(events);
    untried.removeAll(outcome.accepted());
    untried.removeAll(refused);
    database.inBackground(handle -> {
      Claims.mark(handle, claim, outcome.accepted());
      Claims.postpone(handle, claim, refused);
      Claims.release(handle, claim, untried);
      return null;
    });
    tried.stream()
        .filter(event -> outcome.accepted().contains(event.id()))
        .forEach(event -> published.labels(event.type()).inc());
    failed.labels("refused").inc(refused.size());
    failed.labels("unreachable").inc(untold.size() - refused.size());
    return events.size();
  }

  /// During an outage one event goes ahead, and never the same one each time: should it be an event
  /// that brings every call down, the others get past it.
  private static Event anyOf(List<Event> events) {
    return events.get(ThreadLocalRandom.current().nextInt(events.size()));
  }

  private static Set<UUID> ids(List<Event> events) {
    return events.stream().map(Event::id).collect(Collectors.toCollection(HashSet::new));
  }

  private Outcome publish(List<Event> events) {
    try {
      return publisher.publish(events);
    } catch (RuntimeException e) {
      log.warn("{} event(s) could not be published; they will be tried again", events.size(), e);
      return new Outcome(Set.of(), ids(events), false);
    }
  }

  private void note(Outcome outcome, List<Event> tried) {
    if (outcome.unreachable()) {
      if (!outage.isOn()) {
        log.warn("The topic is away; events wait until it takes one again");
      }
      outage.failed();
    } else {
      if (outage.isOn()) {
        log.info("The topic is back: it took {} of {}", outcome.accepted().size(), tried.size());
      }
      outage.over();
    }
  }

  /// Ends only when told to, and then not before a pass that finds nothing more to do.
  private void run() {
    boolean last = false;
    boolean more = true;
    while (more || !last) {
      last = isStopping();
      if (last && outage.isOn()) {
        return;
      }
      more = passOrLog() > 0 && !outage.isOn();
      if (!more && !last) {
        rest();
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// Whatever goes wrong, events wait: there is always a next pass.
  private int passOrLog() {
    try {
      return pass();
    } catch (RuntimeException | Error e) {
      log.warn("The relay could not work and tries again: {}", CannotStart.reason(e));
      log.debug("Because of", e);
      return -1;
    }
  }

  /// Until there is something to do; during an outage only a stop ends it before its time, or each
  /// commit would bring a further try.
  private void rest() {
    try {
      if (outage.isOn()) {
        boolean _ = stopping.await(outage.pause().toNanos(), TimeUnit.NANOSECONDS);
      } else if (wakeUps.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }
}
