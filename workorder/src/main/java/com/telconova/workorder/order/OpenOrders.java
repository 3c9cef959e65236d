package com.telconova.workorder.order;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.workorder.sla.Priority;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many orders are open, by state and priority, and how many of them are late; counted every 30
/// s in the background and never by whoever scrapes.
///
/// All instances count the same orders, so that what they say is not to be added up. What cannot be
/// counted is NaN. Orders that have ended are not counted: they are ever more, and how fast they
/// come is told by the events about them.
public final class OpenOrders implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenOrders.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final List<OrderStatus> STATES =
      Arrays.stream(OrderStatus.values()).filter(status -> !status.isFinal()).toList();

  private final Database database;
  private final Gauge open;
  private final Gauge late;
  private final Periodic periodic;

  private record Group(String status, String priority) {}

  private record Count(Group group, long open, long late) {}

  /// Begins to count at once.
  public OpenOrders(Database database, CollectorRegistry registry) {
    this.database = database;
    this.open =
        Gauge.build("orders_open", "Orders that have not ended; NaN when they cannot be counted.")
            .labelNames("status", "priority")
            .register(registry);
    this.late =
        Gauge.build(
                "orders_late",
                "Open orders that missed a promise which is still to be kept; NaN when they cannot"
                    + " be counted.")
            .labelNames("status", "priority")
            .register(registry);
    set((_, _) -> Double.NaN);
    this.periodic = Periodic.start("open-orders", PERIOD, this::read);
    periodic.wake();
  }

  private void read() {
    try {
      Map<Group, Count> counts =
          database.inBackground(OpenOrders::count).stream()
              .collect(Collectors.toMap(Count::group, Function.identity()));
      set((group, value) -> counts.containsKey(group) ? value.applyAsLong(counts.get(group)) : 0);
    } catch (RuntimeException e) {
      set((_, _) -> Double.NaN);
      log.debug("The open orders could not be counted", e);
    }
  }

  private void set(ToDoubleBiFunction<Group, ToLongFunction<Count>> value) {
    for (OrderStatus status : STATES) {
      for (Priority priority : Priority.values()) {
        Group group = new Group(status.name(), priority.name());
        open.labels(group.status(), group.priority()).set(value.applyAsDouble(group, Count::open));
        late.labels(group.status(), group.priority()).set(value.applyAsDouble(group, Count::late));
      }
    }
  }

  /// Reads the index of open orders alone, by the time of the database, as the promises are seconds
  /// at the finest.
  private static List<Count> count(Handle handle) {
    return handle
        .createQuery(
            """
            select status, priority, count(*) as open,
                   count(*) filter (where sla_due_at < now()) as late
            from work_order where ended_at is null
            group by status, priority
            """)
        .map((row, _) ->
            new Count(
                new Group(row.getString("status"), row.getString("priority")),
                row.getLong("open"),
                row.getLong("late")))
        .list();
  }

  @Override
  public void close() {
    periodic.close();
  }
}
