package com.telconova.tracking.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.shared.event.Inbox;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.testing.Bench;
import com.telconova.tracking.OrderStory;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.participant.Workorder;
import com.telconova.tracking.timeline.Timeline;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OrderEventsIT {
  private final Clock clock = Clock.systemUTC();
  private final Database database = TrackingDatabase.open();
  private final Jdbi behind = Jdbi.create(Bench.get().adminUrl());
  private final HttpClient http = ServiceClient.connections();
  private final Participants participants =
      new Participants(
          database,
          new Workorder(
              new ServiceClient(clock, "workorder", URI.create("http://127.0.0.1:1"), http)));
  private final Map<String, EventHandler> handlers =
      new OrderEvents(
              participants,
              new Timeline(clock, database, participants, () -> {}),
              new Notifications(clock, database, () -> {}))
          .handlers();
  private final Inbox inbox = new Inbox(database, handlers, new CollectorRegistry());

  @AfterEach
  void close() {
    http.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shuffled_and_repeated_events_leave_what_one_ordered_run_leaves(long seed) throws Exception {
    OrderStory ordered = new OrderStory();
    events(ordered).forEach(inbox::handle);

    OrderStory disordered = new OrderStory();
    List<Event> events = new ArrayList<>(events(disordered));
    events.addAll(List.copyOf(events));
    events.addAll(List.copyOf(events));
    Collections.shuffle(events, new Random(seed));
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> deliveries = new ArrayList<>();
      events.forEach(event ->
          deliveries.add(() -> {
            inbox.handle(event);
            return null;
          }));
      for (Future<Void> delivery : pool.invokeAll(deliveries)) {
        delivery.get();
      }
    }

    assertThat(timeline(disordered.order)).hasSize(9).isEqualTo(timeline(ordered.order));
    assertThat(projection(disordered.order)).isEqualTo(projection(ordered.order));
    assertThat(told(disordered)).isEqualTo(told(ordered)).hasSize(10);
  }

  @Test
  void an_event_without_the_facts_of_an_order_is_refused_and_leaves_nothing() throws Exception {
    Event whole = new OrderStory().created();
    Event event =
        new Event(
            UUID.randomUUID(),
            whole.source(),
            "order.created",
            UUID.randomUUID(),
            whole.time(),
            1,
            null,
            Mappers.TOLERANT.readTree("{\"title\": \"No internet\"}"));

    assertThatThrownBy(() -> inbox.handle(event)).isInstanceOf(IllegalArgumentException.class);

    assertThat(timeline(event.subject())).isEmpty();
  }

  @Test
  void an_event_costs_two_round_trips_and_the_commit() {
    AtomicInteger afterTheFirst = new AtomicInteger();
    SqlLogger counting =
        new SqlLogger() {
          @Override
          public void logAfterExecution(StatementContext context) {
            afterTheFirst.incrementAndGet();
          }
        };
    EventHandler.Prepared counted =
        (event, first) -> {
          EventHandler.Rest rest = handlers.get(event.type()).begin(event, first);
          return handle -> {
            handle.setSqlLogger(counting);
            rest.finish(handle);
          };
        };
    Inbox counter =
        new Inbox(
            database,
            handlers.keySet().stream().collect(Collectors.toMap(type -> type, _ -> counted)),
            new CollectorRegistry());
    List<Event> events = events(new OrderStory());

    events.forEach(counter::handle);

    assertThat(afterTheFirst).hasValue(events.size());
    assertThat(timeline(events.getFirst().subject())).hasSize(events.size());
  }

  /// Opened, assigned, begun, held, gone on with, completed: nine events.
  private static List<Event> events(OrderStory story) {
    return List.of(
        story.created(),
        story.assigned(),
        story.changed("CREATED", "ASSIGNED", story.supervisor, "SUPERVISOR"),
        story.next().changed("ASSIGNED", "IN_PROGRESS", story.technician, "TECHNICIAN"),
        story.next().changed("IN_PROGRESS", "ON_HOLD", story.supervisor, "SUPERVISOR"),
        story.next().changed("ON_HOLD", "IN_PROGRESS", story.technician, "TECHNICIAN"),
        story.next().changed("IN_PROGRESS", "ON_HOLD", story.technician, "TECHNICIAN"),
        story.next().changed("ON_HOLD", "COMPLETED", story.technician, "TECHNICIAN"),
        story.completed());
  }

  private List<String> timeline(UUID order) {
    return rows(
        """
        select type || ' ' || occurred_at || ' ' || (data ->> 'status')
        from tracking.timeline_entry where order_id = ? order by occurred_at, id
        """,
        order);
  }

  private List<String> projection(UUID order) {
    return rows(
        """
        select code || ' ' || title || ' ' || status || ' ' || order_version || ' '
            || (technician_id is not null)
        from tracking.participant_order where order_id = ?
        """,
        order);
  }

  /// Who was told of what, customer or not.
  private List<String> told(OrderStory story) {
    return rows(
        """
        select (user_id = '%s') || ' ' || template || ' ' || coalesce(parameters ->> 'to', '')
        from tracking.notification where order_id = ? order by 1
        """
            .formatted(story.customer),
        story.order);
  }

  private List<String> rows(String sql, UUID order) {
    return behind.withHandle(
        handle -> handle.createQuery(sql).bind(0, order).mapTo(String.class).list());
  }
}
