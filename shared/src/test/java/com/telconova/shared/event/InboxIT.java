package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import io.prometheus.client.CollectorRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InboxIT {
  private final Outbox outbox = new Outbox(() -> {});
  private final UUID subject = UUID.randomUUID();
  private final AtomicInteger runs = new AtomicInteger();
  private Tables tables;
  private Inbox inbox;

  @BeforeEach
  void open() {
    tables = new Tables();
    inbox =
        new Inbox(
            tables.database,
            Map.of("test.happened", this::effect, "test.fails", this::failingEffect),
            tables.registry);
  }

  @AfterEach
  void close() {
    tables.close();
  }

  /// The effect is an event of its own, so that it can be counted.
  private void effect(Handle handle, Event event) {
    runs.incrementAndGet();
    outbox.append(handle, event.subject(), Instant.now(), NewEvent.of("test.effect", Map.of()));
  }

  private void failingEffect(Handle handle, Event event) {
    effect(handle, event);
    throw new IllegalStateException("a test's own");
  }

  @Test
  void an_event_that_comes_ten_times_has_its_effect_once() {
    Event event = TestQueue.event(subject, 1);

    for (int i = 0; i < 10; i++) {
      inbox.handle(event);
    }

    assertThat(tables.outbox()).hasSize(1);
    assertThat(runs).hasValue(1);
    assertThat(tables.registry.getSampleValue("inbox_duplicates_total")).isEqualTo(9.0);
  }

  @Test
  void an_event_that_comes_ten_times_at_once_has_its_effect_once() throws Exception {
    for (int round = 1; round <= 10; round++) {
      Event event = TestQueue.event(subject, round);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> deliveries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          deliveries.add(threads.submit(() -> inbox.handle(event)));
        }
        for (Future<?> one : deliveries) {
          one.get();
        }
      }
      assertThat(tables.outbox()).hasSize(round);
    }
  }

  @Test
  void what_fails_leaves_neither_effect_nor_note_and_may_come_again() {
    Event event = failing(UUID.randomUUID());

    assertThatThrownBy(() -> inbox.handle(event)).hasMessage("a test's own");
    assertThatThrownBy(() -> inbox.handle(event)).hasMessage("a test's own");

    assertThat(runs).hasValue(2);
    assertThat(tables.outbox()).isEmpty();
    assertThat(tables.ids("select event_id from workorder.processed")).isEmpty();
  }

  @Test
  void what_is_sent_with_the_note_is_answered_and_what_follows_happens_once() {
    UUID session = UUID.randomUUID();
    List<UUID> finished = new ArrayList<>();
    EventHandler.Prepared handler =
        (event, first) -> {
          first.add(
              new Write(
                  """
                  insert into revoked_session (session_id, expires_at) values (:session, now())
                  on conflict do nothing
                  """,
                  Map.of("session", session)));
          Message.Found<UUID> found =
              first.find(
                  "select session_id from revoked_session where session_id = :session",
                  Map.of("session", session),
                  (row, _) -> row.getObject("session_id", UUID.class));
          assertThatThrownBy(found::rows).isInstanceOf(IllegalStateException.class);
          return _ -> finished.addAll(found.rows());
        };
    Inbox prepared =
        new Inbox(tables.database, Map.of("test.happened", handler), new CollectorRegistry());
    Event event = TestQueue.event(subject, 1);

    prepared.handle(event);
    prepared.handle(event);

    assertThat(finished).containsExactly(session);
  }

  @Test
  void an_event_that_nobody_handles_is_not_taken_for_handled() {
    Event event =
        new Event(
            UUID.randomUUID(), "urn:x", "test.unknown", subject, Instant.now(), 1, null, null);

    assertThatThrownBy(() -> inbox.handle(event))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.unknown");
    assertThat(tables.ids("select event_id from workorder.processed")).isEmpty();
  }

  @Test
  void housekeeping_removes_what_is_old_and_keeps_what_may_still_be_asked_for() {
    for (int i = 0; i < 3; i++) {
      inbox.handle(TestQueue.event(UUID.randomUUID(), 1));
    }
    tables.execute(
        """
        insert into workorder.outbox
          (id, aggregate_id, sequence, type, occurred_at, data, sent_at)
        select gen_random_uuid(), gen_random_uuid(), 1, 'test.old', now(), '{}',
               now() - interval '61 minutes'
        from generate_series(1, 12000)
        """);
    tables.execute("update workorder.outbox set sent_at = now() where type = 'test.effect'");
    tables.execute(
        """
        insert into workorder.processed (event_id, type, processed_at)
        select gen_random_uuid(), 'test.old', now() - interval '41 days'
        from generate_series(1, 6000)
        """);
    tables.append(outbox, subject, Map.of());

    int removed;
    try (Housekeeping housekeeping = new Housekeeping(tables.database)) {
      removed = housekeeping.pass();
    }

    assertThat(removed).isEqualTo(18_000);
    assertThat(tables.sent()).hasSize(3);
    assertThat(tables.unsent()).hasSize(1);
    assertThat(tables.ids("select event_id from workorder.processed")).hasSize(3);
  }

  private Event failing(UUID id) {
    return new Event(id, "urn:x", "test.fails", subject, Instant.now(), 1, null, null);
  }
}
