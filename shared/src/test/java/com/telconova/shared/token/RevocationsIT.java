package com.telconova.shared.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.HandClock;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RevocationsIT {
  private final HandClock clock = HandClock.atNow();
  private final UUID session = UUID.randomUUID();
  private Database database;

  @BeforeEach
  void open() {
    Bench bench = Bench.get();
    database =
        Database.open(
            new DatabaseConfig(bench.databaseUrl(), "tracking", new Secret(bench.password()), 4, 2),
            new CollectorRegistry());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void every_instance_hears_of_an_ended_session_within_a_second_or_two() {
    try (Revocations here = new Revocations(clock, database);
        Revocations elsewhere = new Revocations(clock, database)) {
      assertThat(elsewhere.contains(session)).isFalse();

      database.useTransaction(handle -> {
        here.insert(handle, session, clock.instant());
        here.insert(handle, session, clock.instant());
      });

      await()
          .atMost(Duration.ofSeconds(3))
          .until(() -> here.contains(session) && elsewhere.contains(session));
    }
  }

  @Test
  void the_instance_that_ends_a_session_knows_as_soon_as_that_is_committed() {
    try (Revocations revocations = new Revocations(clock, database)) {
      for (int round = 0; round < 100; round++) {
        UUID ended = UUID.randomUUID();
        database.useTransaction(handle -> {
          revocations.insert(handle, ended, clock.instant());
          assertThat(revocations.contains(ended)).isFalse();
        });
        assertThat(revocations.contains(ended)).isTrue();
        revocations.reload();
        assertThat(revocations.contains(ended)).isTrue();
      }
    }
  }

  @Test
  void nothing_is_revoked_by_a_transaction_that_fails() {
    try (Revocations revocations = new Revocations(clock, database)) {
      database.useTransaction(handle -> {
        revocations.insert(handle, session, clock.instant());
        handle.rollback();
      });
      revocations.reload();

      assertThat(revocations.contains(session)).isFalse();
    }
  }

  @Test
  void a_session_is_forgotten_when_none_of_its_tokens_can_be_valid_any_more() {
    try (Revocations revocations = new Revocations(clock, database)) {
      database.useTransaction(handle -> revocations.insert(handle, session, clock.instant()));

      clock.advance(Duration.ofMinutes(6));
      revocations.reload();
      assertThat(revocations.contains(session)).isTrue();

      clock.advance(Duration.ofMinutes(10));
      revocations.reload();
      assertThat(revocations.contains(session)).isFalse();
    }
  }

  @Test
  void what_was_read_stays_when_the_database_does_not_answer() {
    try (Revocations revocations = new Revocations(clock, database)) {
      database.useTransaction(handle -> revocations.insert(handle, session, clock.instant()));
      revocations.reload();

      database.close();

      assertThatThrownBy(revocations::reload).isInstanceOf(RuntimeException.class);
      assertThat(revocations.contains(session)).isTrue();
    }
  }
}
