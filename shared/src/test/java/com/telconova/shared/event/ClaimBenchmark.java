package com.telconova.shared.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a relay's claim costs, round trips and PostgreSQL included, with few and with many that
/// wait. It is taken back each time, so that as many wait the next time.
@State(Scope.Benchmark)
public class ClaimBenchmark {
  private static final int BATCH = 100; // as the relay takes them

  @Param({"200", "10000"})
  int waiting;

  private final Claims claims = new Claims("urn:microflow:test", Duration.ofSeconds(30));
  private Tables tables;

  @Setup(Level.Trial)
  public void write() {
    tables = new Tables();
    Outbox outbox = new Outbox(() -> {});
    tables.database.useTransaction(handle -> {
      for (int i = 0; i < waiting; i++) {
        outbox.append(
            handle, UUID.randomUUID(), Instant.now(), NewEvent.of("test.happened", Map.of("i", i)));
      }
    });
  }

  @Benchmark
  public List<Event> takeBatch() {
    return tables.database.inBackground(handle -> {
      handle.begin();
      try {
        List<Event> taken = claims.take(handle, UUID.randomUUID(), BATCH);
        if (taken.size() != BATCH) {
          throw new IllegalStateException(taken.size() + " instead of " + BATCH);
        }
        return taken;
      } finally {
        handle.rollback();
      }
    });
  }

  /// What was taken back is dead rows, that would stand before those that wait.
  @Setup(Level.Iteration)
  public void clean() {
    tables.vacuum();
  }

  @TearDown(Level.Trial)
  public void close() {
    tables.close();
  }
}
