package com.telconova.workorder.order;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.SlaPolicy;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Tells when a promise is three quarters over, and when it is missed: `sla.warning` and
/// `sla.breached`, each once for each target of an order.
///
/// Any number of instances may watch: an order's row is locked while it is looked at, and what was
/// told is marked in the transaction that tells it.
public final class SlaWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int BATCH = 20;

  private final Clock clock;
  private final Database database;
  private final Outbox outbox;
  private final SlaMarks marks;
  private final OrderHistory history;
  private final SlaPolicy policy;
  private final Counter told;
  private Periodic periodic;

  public SlaWatch(
      Clock clock,
      Database database,
      Outbox outbox,
      SlaMarks marks,
      OrderHistory history,
      SlaPolicy policy,
      CollectorRegistry registry) {
    this.clock = clock;
    this.database = database;
    this.outbox = outbox;
    this.marks = marks;
    this.history = history;
    this.policy = policy;
    this.told =
        Counter.build("sla_events_total", "Warnings and breaches told, by level and target.")
            .labelNames("level", "target")
            .register(registry);
  }

  /// Looks each second from now on.
  public void start() {
    periodic = Periodic.start("sla-watch", PAUSE, this::pass);
  }

  @Override
  public void close() {
    if (periodic != null) {
      periodic.close();
    }
  }

  private void pass() {
    policy.prepare(clock.instant());
    while (database.inBackground(this::batch) == BATCH) {
      // Further orders wait.
    }
  }

  private int batch(Handle handle) {
    Instant now = clock.instant();
    List<Order> orders = marks.lockDue(handle, now, BATCH);
    orders.forEach(order -> look(handle, order, now));
    return orders.size();
  }

  private void look(Handle handle, Order order, Instant now) {
    List<NewEvent> events = new ArrayList<>();
    Instant next = null;
    List<Moment> moments =
        history.list(handle, order.id()).stream().map(HistoryEntry::moment).toList();
    for (Crossing crossing : Crossing.of(policy.promises(moments))) {
      if (crossing.at().isAfter(now)) {
        next = next == null || crossing.at().isBefore(next) ? crossing.at() : next;
      } else if (marks.mark(handle, order.id(), crossing, now)) {
        events.add(OrderEvents.sla(order, crossing));
        told.labels(crossing.level().name(), crossing.target().name()).inc();
      }
    }
    marks.watchAgain(handle, order.id(), next);
    outbox.append(handle, order.id(), now, events);
  }
}
