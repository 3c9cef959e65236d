package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.database.Database;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what the [Outbox] holds, on a platform thread of its own named `outbox-relay`.
///
/// A pass claims (with a lease), publishes outside any transaction, and marks with the claim as a
/// fence: a relay that slept past its lease marks nothing. Only the lowest unsent sequence of each
/// subject is claimed, so a subject's events leave in order, whichever of several relays sends
/// them. What is not accepted is tried again, ever more slowly, and never dropped.
public final class Relay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final int CLAIM = 100;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final Duration LAG_PERIOD = Duration.ofSeconds(5);

  /// How long a claim lasts unless it is marked.
  public static final Duration LEASE = Duration.ofSeconds(30);

  private final String source;
  private final Duration lease;
  private final Database database;
  private final Publisher publisher;
  private final Counter published;
  private final Counter failed;
  private final Gauge unsent;
  private final Gauge lag;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;
  private long lagRead;

  /// @param source the `source` of every event, such as `urn:microflow:workorder`
  /// @param lease how long a claim lasts; [#LEASE] but in tests
  public Relay(
      String source,
      Duration lease,
      Database database,
      Publisher publisher,
      CollectorRegistry registry) {
    this.source = source;
    this.lease = lease;
    this.database = database;
    this.publisher = publisher;
    this.published =
        Counter.build("outbox_published_total", "Events accepted by the topic.")
            .labelNames("type")
            .register(registry);
    this.failed =
        Counter.build("outbox_publish_failures_total", "Events not accepted and kept for a retry.")
            .register(registry);
    this.unsent =
        Gauge.build("outbox_unsent", "Events that wait in the outbox.").register(registry);
    this.lag =
        Gauge.build("outbox_lag_seconds", "Age of the oldest event that waits in the outbox.")
            .register(registry);
    this.thread = Thread.ofPlatform().name("outbox-relay").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Says that there is something to publish. Cheap, callable from any thread.
  public void wake() {
    wakeUps.release();
  }

  /// Publishes what is left in a last pass, then ends the thread.
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      if (thread.isAlive() && !thread.join(STOP_LIMIT)) {
        log.warn(
            "The relay did not end within {}; what it holds is sent after a restart", STOP_LIMIT);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Claims, publishes and marks once.
  ///
  /// @return how many events were claimed
  public int pass() {
    UUID claim = UUID.randomUUID();
    List<Event> events = database.inBackground(handle -> claim(handle, claim));
    if (events.isEmpty()) {
      return 0;
    }
    Set<UUID> accepted = publish(events);
    List<UUID> refused =
        events.stream().map(Event::id).filter(id -> !accepted.contains(id)).toList();
    database.inBackground(handle -> {
      mark(handle, claim, List.copyOf(accepted));
      postpone(handle, claim, refused);
      return null;
    });
    events.stream()
        .filter(event -> accepted.contains(event.id()))
        .forEach(event -> published.labels(event.type()).inc());
    failed.inc(refused.size());
    return events.size();
  }

  private Set<UUID> publish(List<Event> events) {
    try {
      return publisher.publish(events);
    } catch (RuntimeException e) {
      log.warn("{} event(s) could not be published; they will be tried again", events.size(), e);
      return Set.of();
    }
  }

  /// Ends only when told to, and then not before a pass that finds nothing more to do.
  private void run() {
    boolean last = false;
    int claimed = 1;
    while (!last || claimed > 0) {
      last = stopping;
      claimed = passOrLog();
      readLag();
      if (claimed < 1 && !last) {
        pause();
      }
    }
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

  private void pause() {
    try {
      if (wakeUps.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  /// `offset 0` keeps the planner from joining: it looks up the earlier events of each candidate by
  /// itself. Believing that little waits, it would read the whole index once a candidate instead,
  /// which takes seconds while a long transaction keeps dead entries there. An array it looks up by
  /// the primary key, whatever it believes.
  private List<Event> claim(Handle handle, UUID claim) {
    return handle
        .createQuery(
            """
            update outbox
            set claim = :claim, attempts = attempts + 1,
                available_at = now() + :lease * interval '1 millisecond'
            where id = any(array(
              select o.id
              from outbox o
              where o.sent_at is null
                and o.available_at <= now()
                and not exists (
                  select 1 from outbox earlier
                  where earlier.aggregate_id = o.aggregate_id
                    and earlier.sequence < o.sequence
                    and earlier.sent_at is null
                  offset 0)
              order by o.available_at
              limit :limit
              for update skip locked))
            returning id, aggregate_id, sequence, type, occurred_at, traceparent, data
            """)
        .bind("limit", CLAIM)
        .bind("claim", claim)
        .bind("lease", lease.toMillis())
        .map(this::event)
        .list();
  }

  private static void mark(Handle handle, UUID claim, List<UUID> accepted) {
    handle
        .createUpdate(
            """
            update outbox set sent_at = now(), claim = null
            where id = any(:ids) and claim = :claim
            """)
        .bindArray("ids", UUID.class, accepted)
        .bind("claim", claim)
        .execute();
  }

  /// Backs off from 1 s to 5 min, doubling with full jitter.
  private static void postpone(Handle handle, UUID claim, List<UUID> refused) {
    if (refused.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            """
            update outbox
            set claim = null,
                available_at =
                  now() + random() * least(300, power(2, least(attempts, 20) - 1)) * interval '1 second'
            where id = any(:ids) and claim = :claim
            """)
        .bindArray("ids", UUID.class, refused)
        .bind("claim", claim)
        .execute();
  }

  private void readLag() {
    if (System.nanoTime() - lagRead < LAG_PERIOD.toNanos()) {
      return;
    }
    lagRead = System.nanoTime();
    try {
      database.inBackground(handle ->
          handle
              .createQuery(
                  """
                  select count(*) as unsent,
                         coalesce(extract(epoch from now() - min(occurred_at)), 0) as age
                  from outbox where sent_at is null
                  """)
              .map((row, _) -> {
                unsent.set(row.getLong("unsent"));
                lag.set(Math.max(0, row.getDouble("age")));
                return true;
              })
              .one());
    } catch (RuntimeException e) {
      log.debug("The outbox could not be counted", e);
    }
  }

  private Event event(ResultSet row, StatementContext ctx) throws SQLException {
    try {
      return new Event(
          row.getObject("id", UUID.class),
          source,
          row.getString("type"),
          row.getObject("aggregate_id", UUID.class),
          row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
          row.getLong("sequence"),
          row.getString("traceparent"),
          Mappers.TOLERANT.readTree(row.getString("data")));
    } catch (JsonProcessingException e) {
      throw new SQLException("outbox.data is not JSON", e);
    }
  }
}
