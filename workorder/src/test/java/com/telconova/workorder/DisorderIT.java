package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.shared.event.Inbox;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.token.Role;
import com.telconova.workorder.order.FieldReports;
import com.telconova.workorder.order.OrderChanges;
import com.telconova.workorder.order.OrderHistory;
import com.telconova.workorder.order.OrderRepository;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.technician.TechnicianRepository;
import com.telconova.workorder.technician.Technicians;
import com.telconova.workorder.technician.WorkloadRepository;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.time.Duration;
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
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What auth tells of technicians and tracking of the work on their orders, once in order for some
/// and three times each, shuffled, for as many others that live the same lives. What a consumer
/// calls is called here: [Inbox#handle] with the real handlers, on the real PostgreSQL.
///
/// Equal are what is known of technicians, and each order's state, evidence, history and events:
/// not the times, which are those of the handling.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DisorderIT {
  private static final int PAIRS = 80;
  private static final int DELIVERIES = 3;
  private static final int THREADS = 8;
  private static final long SEED = 20261123;

  private final Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  private final WorkorderFixture fixture = WorkorderFixture.start();
  private final Database database =
      Database.open(
          new DatabaseConfig(
              Bench.get().databaseUrl(),
              "workorder",
              new Secret(Bench.get().password()),
              2,
              THREADS),
          new CollectorRegistry());
  private final Inbox inbox = inbox();

  @AfterAll
  void close() {
    database.close();
    fixture.close();
  }

  private Inbox inbox() {
    Map<String, String> settings = Bench.get().environment("workorder");
    settings.put("JWKS_URL", fixture.tokens.jwksUrl().toString());
    settings.put("AUTH_URL", "http://127.0.0.1:1");
    settings.put("TRACKING_URL", "http://127.0.0.1:1");
    BusinessCalendar calendar = BusinessCalendar.of(Config.from(settings).calendar());
    Outbox outbox = new Outbox(() -> {});
    OrderRepository orders = new OrderRepository();
    OrderChanges changes =
        new OrderChanges(clock, outbox, orders, new OrderHistory(), new SlaPolicy(calendar));
    Map<String, EventHandler> handlers = new HashMap<>();
    handlers.putAll(new FieldReports(clock, outbox, orders, changes).handlers());
    // It asks auth for nothing when an event comes.
    handlers.putAll(
        new Technicians(
                clock,
                clock.getZone(),
                database,
                new TechnicianRepository(),
                new WorkloadRepository(),
                null)
            .handlers());
    return new Inbox(database, handlers, new CollectorRegistry());
  }

  @Test
  void shuffled_and_repeated_events_leave_what_one_ordered_run_leaves() throws Exception {
    List<Life> ordered = lives();
    List<Life> disordered = lives();
    EventCatalogue catalogue = EventCatalogue.load();
    for (Life life : ordered.subList(0, 10)) {
      life.events.forEach(event -> assertThat(catalogue.faults(event)).isEmpty());
    }

    deliver(ordered.stream().map(life -> life.events).toList());
    List<List<Event>> shuffled = new ArrayList<>();
    for (int i = 0; i < DELIVERIES; i++) {
      disordered.forEach(life -> life.events.forEach(event -> shuffled.add(List.of(event))));
    }
    Collections.shuffle(shuffled, new Random(SEED));
    long begin = System.nanoTime();
    deliver(shuffled);

    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

    List<List<String>> found = outcomes(disordered);
    List<List<String>> expected = outcomes(ordered);
    long different =
        IntStream.range(0, PAIRS).filter(i -> !found.get(i).equals(expected.get(i))).count();
    System.out.printf(
        "%d orders and technicians, %d events; %d deliveries shuffled %d ms; %d differ%n",
        PAIRS, shuffled.size() / DELIVERIES, shuffled.size(), millis, different);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void a_report_that_comes_again_under_another_id_changes_nothing() {
    Life life = new Life(0);
    life.events.forEach(this::deliver);
    List<List<String>> before = outcomes(List.of(life));

    for (Event event : life.events) {
      if (!event.type().equals("tracking.evidence_uploaded")) {
        deliver(again(event, event.subject()));
      }
    }

    assertThat(outcomes(List.of(life))).isEqualTo(before);
  }

  @Test
  void a_report_of_an_order_that_is_not_here_is_kept_to_be_tried_again() {
    for (Event event : new Life(3).events) {
      if (event.source().endsWith("tracking")) {
        Event stray = again(event, UUID.randomUUID());

        assertThatThrownBy(() -> inbox.handle(stray)).hasMessageContaining("no order");
        assertThat(
                fixture.database.<Integer, RuntimeException>withHandle(handle ->
                    handle
                        .createQuery("select count(*) from workorder.processed where event_id = ?")
                        .bind(0, stray.id())
                        .mapTo(Integer.class)
                        .one()))
            .as(event.type())
            .isZero();
      }
    }
  }

  @Test
  void a_report_of_whoever_has_the_order_no_more_is_refused_and_the_next_ones_are_not() {
    Life life = new Life(1);
    UUID luis = fixture.knownTechnician();
    fixture.api.post(
        "/orders/" + life.order + "/assign",
        fixture.token(Role.SUPERVISOR),
        "{\"technicianId\": \"%s\", \"reason\": \"nearer\"}".formatted(luis));

    life.events.forEach(this::deliver);
    List<String> refused = outcomes(List.of(life)).getFirst();
    life.work("tracking.work_started", "\"technicianId\": \"%s\"".formatted(luis));
    deliver(life.events.getLast());

    assertThat(refused).anyMatch(line -> line.startsWith("order.transition_refused ASSIGNED"));
    assertThat(outcomes(List.of(life)).getFirst())
        .anyMatch(line -> line.startsWith("IN_PROGRESS 4 true"));
  }

  private static Event again(Event event, UUID subject) {
    return new Event(
        UuidCreator.getTimeOrderedEpoch(),
        event.source(),
        event.type(),
        subject,
        event.time(),
        event.sequence(),
        null,
        event.data());
  }

  /// A technician and the order that they do.
  private final class Life {
    final UUID technician = UUID.randomUUID();
    final UUID order;
    final List<Event> events = new ArrayList<>();
    private final Random random;
    private long ofTechnician;
    private long ofOrder;

    Life(int number) {
      random = new Random(SEED + number);
      fixture.know(technician);
      order = UUID.fromString(fixture.assigned(technician));
      user("user.registered");
      for (int i = random.nextInt(5); i > 0; i--) {
        user("user.updated");
      }
      work("tracking.work_started", technicianSays("\"comment\": \"At the door\""));
      for (int i = random.nextInt(4); i > 0; i--) {
        work("tracking.evidence_uploaded", evidence());
      }
      if (random.nextInt(10) > 1) {
        work(
            "tracking.work_completed",
            technicianSays(
                """
                "comment": "New drop cable", "minutes": 75,
                "resolution": {"code": "CABLE_REPLACED", "outcome": "RESOLVED"}
                """));
      }
    }

    private String technicianSays(String what) {
      return """
      "technicianId": "%s", "actorId": "%s", "actorRole": "TECHNICIAN", %s
      """
          .formatted(technician, technician, what);
    }

    private String evidence() {
      return """
      "evidenceId": "%s", "kind": "AFTER", "fileName": "socket.jpg", "contentType": "image/jpeg",
      "sizeBytes": 183220, "uploadedBy": "%s",
      "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      """
          .formatted(UUID.randomUUID(), technician);
    }

    private void user(String type) {
      boolean first = type.equals("user.registered");
      add(
          "auth",
          type,
          technician,
          // The one that the fixture made known was the first.
          ++ofTechnician + 1,
          """
          {"userId": "%s", "email": "ana.ruiz@example.com", "name": "Ana %d", "role": "%s",
           "locale": "es", "timeZone": "America/Bogota", "active": %b}
          """
              .formatted(
                  technician,
                  random.nextInt(1_000),
                  first || random.nextInt(4) > 0 ? "TECHNICIAN" : "CLIENT",
                  first || random.nextBoolean()));
    }

    private void work(String type, String more) {
      add("tracking", type, order, ++ofOrder, "{\"orderId\": \"%s\", %s}".formatted(order, more));
    }

    private void add(String service, String type, UUID subject, long sequence, String data) {
      try {
        events.add(
            new Event(
                UuidCreator.getTimeOrderedEpoch(),
                "urn:microflow:" + service,
                type,
                subject,
                Instant.parse("2026-03-02T13:00:00Z").plusSeconds(events.size()),
                sequence,
                null,
                Mappers.TOLERANT.readTree(data)));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private List<Life> lives() {
    return IntStream.range(0, PAIRS).mapToObj(Life::new).toList();
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

  /// Again when a lock was not to be had, as SQS would.
  private void deliver(Event event) {
    for (int receive = 1; ; receive++) {
      try {
        inbox.handle(event);
        return;
      } catch (RuntimeException e) {
        if (receive == 5 || DatabaseFaults.unavailable(e).isEmpty()) {
          throw e;
        }
      }
    }
  }

  /// What each life comes to, in words.
  private List<List<String>> outcomes(List<Life> lives) {
    return fixture.database.withHandle(
        handle -> lives.stream().map(life -> outcome(handle, life)).toList());
  }

  private static List<String> outcome(Handle handle, Life life) {
    List<String> outcome = new ArrayList<>();
    outcome.addAll(
        rows(
            handle,
            "select name || ' ' || active || ' ' || user_sequence from workorder.technician where id = ?",
            life.technician));
    outcome.addAll(
        rows(
            handle,
            """
            select status || ' ' || version || ' ' || (technician_id is not null) || ' '
                || evidence_count || ' ' || coalesce(resolution_code, '-')
            from workorder.work_order where id = ?
            """,
            life.order));
    outcome.addAll(
        rows(
            handle,
            """
            select version || ' ' || coalesce(from_status, '-') || ' ' || to_status || ' ' || actor_role
            from workorder.order_history where order_id = ? order by version
            """,
            life.order));
    outcome.addAll(
        rows(
            handle,
            """
            select type || ' ' || (data ->> 'status') || ' ' || (data ->> 'version')
            from workorder.outbox where aggregate_id = ? order by sequence
            """,
            life.order));
    return outcome;
  }

  private static List<String> rows(Handle handle, String sql, UUID id) {
    return handle.createQuery(sql).bind(0, id).mapTo(String.class).list();
  }
}
