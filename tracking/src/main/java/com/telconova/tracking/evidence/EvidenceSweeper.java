package com.telconova.tracking.evidence;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.tracking.evidence.store.EvidenceStore;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Removes what a crash left in the store: objects that no file came to refer to, and uploads that
/// were never finished. Every such object was noted in the database before it was begun, so the
/// store need not be searched. Any number of instances may sweep.
public final class EvidenceSweeper implements AutoCloseable {
  /// Longer than any upload takes.
  static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofMinutes(5);
  private static final int BATCH = 100;

  private final Clock clock;
  private final Database database;
  private final EvidenceStore store;
  private final Counter swept;
  private final UnclaimedObjects unclaimed = new UnclaimedObjects();
  private Periodic periodic;

  public EvidenceSweeper(
      Clock clock, Database database, EvidenceStore store, CollectorRegistry registry) {
    this.clock = clock;
    this.database = database;
    this.store = store;
    this.swept =
        Counter.build("evidence_swept_total", "Objects removed that no file refers to.")
            .register(registry);
  }

  /// Sweeps every few minutes from now on.
  public void start() {
    periodic = Periodic.start("evidence-sweeper", PAUSE, this::sweep);
  }

  /// Sweeps once. What cannot be removed now is removed at the next time.
  ///
  /// @throws com.telconova.shared.problem.Failure.Unavailable when the store does not answer
  void sweep() {
    Instant before = clock.instant().minus(PATIENCE);
    List<String> keys;
    do {
      keys = database.inBackground(handle -> unclaimed.doom(handle, before, BATCH));
      for (String key : keys) {
        store.delete(key);
        database.inBackground(handle -> {
          unclaimed.forget(handle, key);
          return null;
        });
        swept.inc();
      }
    } while (keys.size() == BATCH);
    store.abandon(before);
  }

  @Override
  public void close() {
    if (periodic != null) {
      periodic.close();
    }
  }
}
