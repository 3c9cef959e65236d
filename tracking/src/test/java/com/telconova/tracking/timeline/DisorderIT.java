package com.telconova.tracking.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.Inbox;
import com.telconova.shared.http.Page;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.OrderLives;
import com.telconova.tracking.inbound.OrderEvents;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.participant.Workorder;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A hundred thousand events of orders (ten thousand in a build), once in order and then the very
/// same ones three times each, shuffled over all orders and handled by eight threads at once.
///
/// What a consumer calls is called here: [Inbox#handle] with the real handlers and transactions, on
/// the real PostgreSQL. SNS and SQS are left out, which would take minutes; what they do to events,
/// this does worse. A delivery that meets a lock for too long is repeated, as SQS would.
final class DisorderIT {
  private static final int EVENTS = Rounds.of(10_000, 100_000);
  private static final int CHANGES = Rounds.of(10, 370);
  private static final int DELIVERIES = 3;
  private static final int THREADS = 8;
  private static final long SEED = 20261123;
  private final Clock clock = Clock.systemUTC();
  private final Bench bench = Bench.get();
  private final Jdbi behind = Jdbi.create(bench.adminUrl()).registerArrayType(UUID.class, "uuid");
  private final HttpClient http = ServiceClient.connections();
  private final Database database =
      Database.open(
          new DatabaseConfig(
              bench.databaseUrl(), "tracking", new Secret(bench.password()), 2, THREADS),
          new CollectorRegistry());
  private final Participants participants =
      new Participants(
          database,
          new Workorder(
              new ServiceClient(clock, "workorder", URI.create("http://127.0.0.1:1"), http)));
  private final Timeline timeline = new Timeline(clock, database, participants, () -> {});
  private final Inbox inbox =
      new Inbox(
          database,
          new OrderEvents(participants, timeline, new Notifications(clock, database, () -> {}))
              .handlers(),
          new CollectorRegistry());
  private final Principal supervisor =
      new Principal(
          UUID.randomUUID(), Role.SUPERVISOR, UUID.randomUUID(), Instant.MAX, new Secret("none"));
  private final AtomicInteger repeated = new AtomicInteger();
  private final List<List<Event>> lives = new OrderLives(SEED, CHANGES).until(EVENTS);

  /// Nothing stays: other tests' senders would try to tell all these people.
  @AfterEach
  void close() {
    forget(lives);
    http.close();
    database.close();
  }

  /// What an order comes to.
  ///
  /// @param facts its row of the projection
  /// @param shown what GET shows of its timeline, without the links, which follow the appending
  /// @param told who is told of what
  private record Outcome(Map<String, Object> facts, List<NewEntry> shown, List<String> told) {}

  @Test
  void many_events_three_times_each_and_shuffled_leave_what_one_ordered_run_leaves()
      throws Exception {
    List<UUID> orders = lives.stream().map(life -> life.getFirst().subject()).toList();
    assertAsDocumented(lives.subList(0, 50));

    long begin = System.nanoTime();
    deliver(lives);
    Map<UUID, Outcome> ordered = outcomes(orders);
    forget(lives);
    long middle = System.nanoTime();
    List<List<Event>> disorder = new ArrayList<>();
    for (int i = 0; i < DELIVERIES; i++) {
      lives.forEach(life -> life.forEach(event -> disorder.add(List.of(event))));
    }
    Collections.shuffle(disorder, new Random(SEED));
    deliver(disorder);
    Map<UUID, Outcome> disordered = outcomes(orders);
    long end = System.nanoTime();

    int different = 0;
    int broken = 0;
    int entries = 0;
    for (List<Event> life : lives) {
      UUID order = life.getFirst().subject();
      entries += disordered.get(order).shown().size();
      different += disordered.get(order).equals(ordered.get(order)) ? 0 : 1;
      Verdict verdict = timeline.verify(order, supervisor);
      broken += verdict.valid() && verdict.entries() == life.size() ? 0 : 1;
    }
    System.out.printf(
        "%d orders, %d entries: ordered %d ms; %d deliveries shuffled %d ms, %d of them repeated; "
            + "%d orders differ, %d chains broken%n",
        orders.size(),
        entries,
        TimeUnit.NANOSECONDS.toMillis(middle - begin),
        disorder.size(),
        TimeUnit.NANOSECONDS.toMillis(end - middle),
        repeated.get(),
        different,
        broken);
    assertThat(entries).isGreaterThanOrEqualTo(EVENTS);
    for (UUID order : orders) {
      assertThat(disordered.get(order)).as("order " + order).isEqualTo(ordered.get(order));
    }
    assertThat(broken).isZero();
  }

  private static void assertAsDocumented(List<List<Event>> lives) {
    EventCatalogue catalogue = EventCatalogue.load();
    lives.forEach(life -> life.forEach(event -> assertThat(catalogue.faults(event)).isEmpty()));
    assertThat(lives.stream().flatMap(List::stream).map(Event::type))
        .contains(
            "order.created",
            "order.assigned",
            "technician.assigned",
            "order.status_changed",
            "order.completed",
            "order.cancelled",
            "order.transition_refused",
            "sla.warning",
            "sla.breached");
  }

  /// Each list by one thread, in its order.
  private void deliver(List<List<Event>> lists) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Void>> deliveries = new ArrayList<>();
      for (List<Event> list : lists) {
        deliveries.add(() -> {
          list.forEach(this::deliver);
          return null;
        });
      }
      for (Future<Void> delivery : threads.invokeAll(deliveries)) {
        delivery.get();
      }
    }
  }

  private void deliver(Event event) {
    for (int receive = 1; ; receive++) {
      try {
        inbox.handle(event);
        return;
      } catch (RuntimeException e) {
        if (receive == 5 || DatabaseFaults.unavailable(e).isEmpty()) {
          throw e;
        }
        repeated.incrementAndGet();
      }
    }
  }

  private Map<UUID, Outcome> outcomes(List<UUID> orders) {
    Map<UUID, Outcome> outcomes = new HashMap<>();
    Map<UUID, Map<String, Object>> facts = new HashMap<>();
    Map<UUID, List<String>> told = new HashMap<>();
    behind.useHandle(handle -> {
      handle
          .createQuery("select * from tracking.participant_order where order_id = any(:ids)")
          .bindArray("ids", UUID.class, orders)
          .mapToMap()
          .forEach(row -> facts.put((UUID) row.get("order_id"), row));
      handle
          .createQuery(
              """
              select order_id, event_id || ' ' || user_id || ' ' || channel || ' ' || template as told
              from tracking.notification where order_id = any(:ids) order by told
              """)
          .bindArray("ids", UUID.class, orders)
          .mapToMap()
          .forEach(row ->
              told.computeIfAbsent((UUID) row.get("order_id"), _ -> new ArrayList<>())
                  .add((String) row.get("told")));
    });
    for (UUID order : orders) {
      outcomes.put(order, new Outcome(facts.get(order), shown(order), told.get(order)));
    }
    return outcomes;
  }

  private List<NewEntry> shown(UUID order) {
    List<NewEntry> shown = new ArrayList<>();
    Page.Cursor after = null;
    List<Entry> page;
    do {
      page = timeline.list(order, supervisor, new Page.Request(Page.MAX_LIMIT, after)).items();
      page.forEach(entry -> shown.add(entry.what()));
      after = new Page.Cursor(shown.getLast().time(), shown.getLast().id());
    } while (page.size() == Page.MAX_LIMIT);
    return shown;
  }

  /// As if none of it had ever come.
  private void forget(List<List<Event>> lives) {
    UUID[] orders = lives.stream().map(life -> life.getFirst().subject()).toArray(UUID[]::new);
    UUID[] events = lives.stream().flatMap(List::stream).map(Event::id).toArray(UUID[]::new);
    behind.useTransaction(handle -> {
      for (String table :
          List.of("notification", "timeline_entry", "timeline_head", "participant_order")) {
        handle
            .createUpdate("delete from tracking." + table + " where order_id = any(:ids)")
            .bind("ids", orders)
            .execute();
      }
      handle
          .createUpdate("delete from tracking.processed where event_id = any(:ids)")
          .bind("ids", events)
          .execute();
    });
  }
}
