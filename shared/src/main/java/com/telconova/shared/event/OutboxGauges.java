package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many events wait in the outbox and for how long, read every 5 s by a thread of its own: it
/// does not stand still when the relay does. All instances of a service share an outbox, and each
/// says the same of it. What cannot be read is NaN: an old figure would look fine all through an
/// outage of the database.
final class OutboxGauges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutboxGauges.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /// Longer than a reading takes with every wait it may have.
  private static final Duration LASTS = Duration.ofSeconds(30);

  private final Database database;
  private volatile Reading reading;
  private Periodic periodic;

  /// @param age of the oldest that waits, in seconds
  private record Reading(long unsent, double age, long nanoTime) {
    boolean counts() {
      return System.nanoTime() - nanoTime < LASTS.toNanos();
    }
  }

  OutboxGauges(Database database, CollectorRegistry registry) {
    this.database = database;
    Gauge.build("outbox_unsent", "Events that wait in the outbox; NaN when it cannot be read.")
        .create()
        .<Gauge>setChild(child(Reading::unsent))
        .register(registry);
    Gauge.build(
            "outbox_lag_seconds",
            "Age of the oldest event that waits in the outbox; NaN when it cannot be read.")
        .create()
        .<Gauge>setChild(child(Reading::age))
        .register(registry);
  }

  void start() {
    periodic = Periodic.start("outbox-gauges", PERIOD, this::read);
    periodic.wake();
  }

  private void read() {
    try {
      reading = database.inBackground(OutboxGauges::count);
    } catch (RuntimeException e) {
      reading = null;
      log.debug("The outbox could not be counted", e);
    }
  }

  private static Reading count(Handle handle) {
    return handle
        .createQuery(
            """
            select count(*) as unsent,
                   coalesce(extract(epoch from now() - min(occurred_at)), 0) as age
            from outbox where sent_at is null
            """)
        .map((row, _) ->
            new Reading(
                row.getLong("unsent"), Math.max(0, row.getDouble("age")), System.nanoTime()))
        .one();
  }

  private Gauge.Child child(ToDoubleFunction<Reading> value) {
    return new Gauge.Child() {
      @Override
      public double get() {
        Reading last = reading;
        return last == null || !last.counts() ? Double.NaN : value.applyAsDouble(last);
      }
    };
  }

  @Override
  public void close() {
    if (periodic != null) {
      periodic.close();
    }
  }
}
