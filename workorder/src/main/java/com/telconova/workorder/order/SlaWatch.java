package com.telconova.workorder.order;

import static java.util.Comparator.naturalOrder;

import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.sla.Target;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when a promise is three quarters over, and when it is missed: `sla.warning` and
/// `sla.breached`, each once for each target of an order.
///
/// Any number of instances may watch: an order's row is locked while it is looked at, and what was
/// told is marked in the transaction that tells it.
public final class SlaWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PUT_OFF = Duration.ofMinutes(1);
  private static final int BATCH = 20;
  private static final Logger log = LoggerFactory.getLogger(SlaWatch.class);

  private final Clock clock;
  private final Database database;
  private final Outbox outbox;
  private final SlaMarks marks;
  private final OrderHistory history;
  private final SlaPolicy policy;
  private final Counter told;
  private Periodic periodic;
  private volatile boolean stopping;

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
    for (Crossing.Level level : Crossing.Level.values()) {
      for (Target target : Target.values()) {
        told.labels(level.name(), target.name()); // or the first of each shows no increase
      }
    }
  }

  /// Looks each second from now on.
  public void start() {
    periodic = Periodic.start("sla-watch", PAUSE, this::pass);
  }

  @Override
  public void close() {
    stopping = true;
    if (periodic != null) {
      periodic.close();
    }
  }

  private void pass() {
    policy.prepare(clock.instant());
    int seen = BATCH;
    while (!stopping && seen == BATCH) { // further orders wait
      try {
        seen = database.inBackground(handle -> batch(handle, BATCH));
      } catch (RuntimeException e) {
        if (DatabaseFaults.unavailable(e).isPresent()) {
          throw e;
        }
        seen = oneByOne();
      }
    }
  }

  /// Puts off what cannot be looked at, for the others would wait behind it for ever.
  private int oneByOne() {
    int seen = 0;
    int found = 1;
    while (!stopping && found == 1 && seen < BATCH) {
      try {
        found = database.inBackground(handle -> batch(handle, 1));
      } catch (RuntimeException e) {
        if (DatabaseFaults.unavailable(e).isPresent()) {
          throw e;
        }
        database.inBackground(handle -> putOff(handle, e));
      }
      seen += found;
    }
    return seen;
  }

  private Void putOff(Handle handle, RuntimeException cause) {
    Instant now = clock.instant();
    for (Order order : marks.lockDue(handle, now, 1)) {
      log.error(
          "The promises of {} could not be looked at; again in {}", order.code(), PUT_OFF, cause);
      marks.watchAgain(handle, Map.of(order.id(), now.plus(PUT_OFF)));
    }
    return null;
  }

  /// Five statements for all of them, however many there are.
  private int batch(Handle handle, int rows) {
    Instant now = clock.instant();
    List<Order> orders = marks.lockDue(handle, now, rows);
    if (orders.isEmpty()) {
      return 0;
    }
    Map<UUID, List<HistoryEntry>> histories =
        history.list(handle, orders.stream().map(Order::id).toList());
    Map<UUID, List<Crossing>> come = new HashMap<>();
    Map<UUID, Instant> next = new HashMap<>();
    for (Order order : orders) {
      List<Crossing> all = crossings(histories.get(order.id()));
      come.put(order.id(), all.stream().filter(c -> !c.at().isAfter(now)).toList());
      next.put(
          order.id(),
          all.stream().map(Crossing::at).filter(now::isBefore).min(naturalOrder()).orElse(null));
    }
    Set<SlaMarks.Told> unheard = marks.mark(handle, come, now);
    Map<UUID, List<NewEvent>> events = new HashMap<>();
    for (Order order : orders) {
      List<Crossing> news =
          come.get(order.id()).stream()
              .filter(crossing -> unheard.contains(SlaMarks.Told.of(order.id(), crossing)))
              .toList();
      events.put(order.id(), news.stream().map(c -> OrderEvents.sla(order, c)).toList());
      news.forEach(c -> told.labels(c.level().name(), c.target().name()).inc());
    }
    outbox.append(handle, now, events);
    marks.watchAgain(handle, next);
    return orders.size();
  }

  private List<Crossing> crossings(List<HistoryEntry> changes) {
    return Crossing.of(policy.promises(changes.stream().map(HistoryEntry::moment).toList()));
  }
}
