package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.database.Write;
import com.telconova.shared.trace.Trace;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutboxIT {
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final Outbox outbox = new Outbox(wakeUps::incrementAndGet);
  private final UUID subject = UUID.randomUUID();
  private Tables tables;

  record Happened(String what, Optional<Integer> number) {
    Happened(String what) {
      this(what, null);
    }
  }

  @BeforeEach
  void open() {
    tables = new Tables();
  }

  @AfterEach
  void close() {
    tables.close();
  }

  @Test
  void several_events_of_one_change_follow_one_another() {
    NewEvent first = NewEvent.of("test.first", new Happened("señal 🚧"));
    NewEvent second = NewEvent.of("test.second", Map.of("n", 2));
    Instant time = Instant.parse("2026-01-31T14:00:00.123456Z");

    try (Trace.Scope _ =
        Trace.from("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01").enter()) {
      tables.database.useTransaction(handle -> outbox.append(handle, subject, time, first, second));
    }

    List<Map<String, Object>> rows = tables.outbox();
    assertThat(rows).extracting(row -> row.get("id")).containsExactly(first.id(), second.id());
    assertThat(rows).extracting(row -> row.get("sequence")).containsExactly(1L, 2L);
    assertThat(rows)
        .extracting(row -> row.get("type"))
        .containsExactly("test.first", "test.second");
    assertThat(rows.getFirst().get("data")).hasToString("{\"what\":\"señal 🚧\"}");
    assertThat((String) rows.getFirst().get("traceparent")).startsWith("00-" + "a".repeat(32));
    assertThat(
            tables.database.<Instant, RuntimeException>read(handle ->
                handle
                    .createQuery("select occurred_at from outbox limit 1")
                    .mapTo(OffsetDateTime.class)
                    .one()
                    .toInstant()))
        .isEqualTo(time);
  }

  @Test
  void appending_costs_one_round_trip_however_many_events_there_are() {
    List<NewEvent> events =
        IntStream.range(0, 50).mapToObj(n -> NewEvent.of("test.many", Map.of("n", n))).toList();

    AtomicInteger roundTrips = new AtomicInteger();
    tables.database.useTransaction(handle -> {
      handle.setSqlLogger(
          new SqlLogger() {
            @Override
            public void logAfterExecution(StatementContext context) {
              roundTrips.incrementAndGet();
            }
          });
      outbox.append(handle, subject, Instant.now(), events);
    });

    assertThat(tables.outbox()).hasSize(50);
    assertThat(roundTrips).hasValue(1);
  }

  @Test
  void the_relay_is_woken_after_the_commit_and_not_before() {
    tables.database.useTransaction(handle -> {
      outbox.append(handle, subject, Instant.now(), NewEvent.of("test.one", Map.of()));
      assertThat(wakeUps).hasValue(0);
    });

    assertThat(wakeUps).hasValue(1);
  }

  @Test
  void an_event_sent_together_with_another_change_commits_with_it_without_a_transaction() {
    UUID session = UUID.randomUUID();
    NewEvent event = NewEvent.of("test.together", Map.of());

    tables.database.<Void, RuntimeException>atOnce(handle -> {
      assertThat(handle.isInTransaction()).isFalse();
      Write.together(handle, ended(session), outbox.appending(subject, Instant.now(), event));
      outbox.committed(handle);
      return null;
    });

    assertThat(sessions(session)).isEqualTo(1);
    assertThat(tables.outbox()).extracting(row -> row.get("id")).containsExactly(event.id());
    assertThat(wakeUps).hasValue(1);
  }

  @Test
  void nothing_is_left_of_changes_sent_together_of_which_the_last_fails() {
    UUID session = UUID.randomUUID();
    NewEvent event = NewEvent.of("test.together", Map.of());
    tables.database.useTransaction(handle -> outbox.append(handle, subject, Instant.now(), event));

    assertThatThrownBy(() ->
            tables.database.<Void, RuntimeException>atOnce(handle -> {
              Write.together(
                  handle, ended(session), outbox.appending(subject, Instant.now(), event));
              return null;
            }))
        .as("the event's id is taken")
        .isInstanceOf(JdbiException.class);

    assertThat(sessions(session)).isZero();
    assertThat(tables.outbox()).hasSize(1);
  }

  /// Has a parameter of the same name as the outbox's statement, with another value.
  private static Write ended(UUID session) {
    return new Write(
        "insert into revoked_session (session_id, expires_at) values (:subject, :time)",
        Map.of("subject", session, "time", Instant.now()));
  }

  private int sessions(UUID session) {
    return tables.database.<Integer, RuntimeException>read(handle ->
        handle
            .createQuery("select count(*) from revoked_session where session_id = :session")
            .bind("session", session)
            .mapTo(Integer.class)
            .one());
  }

  @Test
  void nothing_is_left_of_a_change_that_was_rolled_back() {
    assertThatThrownBy(() ->
            tables.database.useTransaction(handle -> {
              outbox.append(handle, subject, Instant.now(), NewEvent.of("test.one", Map.of()));
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");
    tables.append(outbox, subject, Map.of());

    assertThat(tables.outbox()).hasSize(1);
    assertThat(tables.outbox().getFirst().get("sequence")).isEqualTo(1L);
    assertThat(wakeUps).hasValue(1);
  }

  @Test
  void an_event_beyond_240_kib_is_refused_with_everything_it_belongs_to() {
    Map<String, String> fits = Map.of("x", "ñ".repeat(120 * 1024 - 8));
    Map<String, String> tooLarge = Map.of("x", "ñ".repeat(120 * 1024));

    tables.append(outbox, subject, fits);
    assertThatThrownBy(() -> tables.append(outbox, subject, Map.of(), tooLarge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.happened")
        .hasMessageContaining("245760");

    assertThat(tables.outbox()).hasSize(1);
  }

  @Test
  void sequences_have_no_gap_and_no_double_under_eight_writers() throws Exception {
    List<UUID> subjects = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    int perWriter = 60;
    AtomicInteger committed = new AtomicInteger();
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(_ -> writers.submit(() -> write(subjects, perWriter, committed)))
              .toList();
      for (Future<?> one : done) {
        one.get();
      }
    }

    var bySubject =
        tables.outbox().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.get("aggregate_id"),
                    Collectors.mapping(row -> (Long) row.get("sequence"), Collectors.toList())));
    assertThat(bySubject.values().stream().mapToInt(List::size).sum()).isEqualTo(committed.get());
    bySubject.forEach((_, sequences) ->
        assertThat(sequences)
            .containsExactlyElementsOf(
                LongStream.rangeClosed(1, sequences.size()).boxed().toList()));
  }

  /// Every fourth change is rolled back.
  private void write(List<UUID> subjects, int changes, AtomicInteger committed) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < changes; i++) {
      UUID one = subjects.get(random.nextInt(subjects.size()));
      int events = random.nextInt(1, 4);
      boolean rollBack = random.nextInt(4) == 0;
      tables.database.useTransaction(handle -> {
        outbox.append(
            handle,
            one,
            Instant.now(),
            IntStream.range(0, events)
                .mapToObj(n -> NewEvent.of("test.happened", Map.of("n", n)))
                .toList());
        if (rollBack) {
          handle.rollback();
        }
      });
      committed.addAndGet(rollBack ? 0 : events);
    }
  }
}
