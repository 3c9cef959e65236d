package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a claim costs while very much waits, whatever the database believes to know of it.
final class BacklogIT {
  private static final int SHORT = 500;
  private static final int LONG = Rounds.of(20_000, 100_000);
  private static final int CLAIMS = 21;

  private final Claims claims = new Claims("urn:microflow:test", Duration.ofSeconds(30));
  private Tables tables;

  @BeforeEach
  void open() {
    tables = new Tables();
  }

  @AfterEach
  void close() {
    tables.execute("truncate workorder.outbox");
    tables.close();
  }

  /// What the statistics were taken of, before the backlog came.
  private enum Statistics {
    OF_THE_BACKLOG {
      @Override
      void prepare(BacklogIT test, int events, int subjects) {
        test.fill(events, subjects);
        test.tables.execute("analyze workorder.outbox");
      }
    },
    OF_NOTHING {
      @Override
      void prepare(BacklogIT test, int events, int subjects) {
        test.tables.execute("analyze workorder.outbox");
        for (int n = 0; n < 12; n++) { // from the sixth time on the driver keeps the plan
          test.take();
        }
        test.fill(events, subjects);
      }
    },
    OF_A_TIME_WHEN_ALL_WAS_SENT {
      @Override
      void prepare(BacklogIT test, int events, int subjects) {
        test.fill(events, subjects);
        test.tables.execute("update workorder.outbox set sent_at = now()");
        test.tables.execute("analyze workorder.outbox");
        for (int n = 0; n < 12; n++) {
          test.take();
        }
        test.fill(events, subjects);
      }
    };

    abstract void prepare(BacklogIT test, int events, int subjects);
  }

  @ParameterizedTest
  @EnumSource(Statistics.class)
  void a_claim_costs_as_much_however_many_wait(Statistics statistics) {
    statistics.prepare(this, SHORT * 10, SHORT * 3);
    double few = millisAClaim();
    tables.execute("truncate workorder.outbox");
    statistics.prepare(this, LONG, LONG * 3 / 10);
    double many = millisAClaim();

    System.out.printf(
        "a claim of 100 among %,d events, statistics %s: %.1f ms (among %,d: %.1f ms)%n",
        LONG, statistics, many, SHORT * 10, few);
    assertThat(many).isLessThan(3 * few + 5);
  }

  @Test
  void a_few_subjects_with_very_many_events_cost_no_more() {
    fill(LONG, 10);
    double millis = millisAClaim();

    System.out.printf("a claim of 10 subjects with %,d events each: %.1f ms%n", LONG / 10, millis);
    assertThat(millis).isLessThan(40);
  }

  @ParameterizedTest
  @CsvSource({"1", "37"})
  void whoever_stands_behind_very_many_that_must_wait_is_found(int subjects) {
    fill(LONG / 2, subjects);
    tables.execute(
        "update workorder.outbox set available_at = now() + interval '1 hour' where sequence = 1");
    Set<UUID> behind = new HashSet<>(tables.unsent());
    fill(5_000, 5_000);
    Set<UUID> front = Set.copyOf(behind);
    behind = new HashSet<>(tables.unsent());
    behind.removeAll(front);

    Set<UUID> taken = new HashSet<>();
    for (int n = 0; n < 60 && taken.size() < behind.size(); n++) {
      List<UUID> more = take();
      mark(more);
      taken.addAll(more);
    }

    assertThat(taken).isEqualTo(behind);
  }

  private double millisAClaim() {
    List<Long> nanos = new ArrayList<>();
    for (int n = 0; n < CLAIMS; n++) {
      long start = System.nanoTime();
      List<UUID> taken = take();
      nanos.add(System.nanoTime() - start);
      assertThat(taken).isNotEmpty();
      mark(taken);
    }
    return nanos.stream().sorted().toList().get(CLAIMS / 2) / 1e6;
  }

  private List<UUID> take() {
    return tables.database.<List<UUID>, RuntimeException>inBackground(
        handle -> claims.take(handle, UUID.randomUUID(), 100).stream().map(Event::id).toList());
  }

  private void mark(Collection<UUID> ids) {
    tables.database.inBackground(handle ->
        handle
            .createUpdate("update outbox set sent_at = now(), claim = null where id = any(:ids)")
            .bindArray("ids", UUID.class, List.copyOf(ids))
            .execute());
  }

  /// New events: those of a subject one after another among those of the others.
  private void fill(int events, int subjects) {
    tables.execute(
        """
        insert into workorder.outbox
          (id, aggregate_id, sequence, type, occurred_at, data, available_at)
        select gen_random_uuid(), md5(batch || '-' || n %% %2$d)::uuid, n / %2$d + 1,
               'test.happened', now(), json_build_object('text', repeat('x', 300)),
               clock_timestamp()
        from generate_series(0, %1$d - 1) n, (select gen_random_uuid() as batch) b
        """
            .formatted(events, subjects));
  }
}
