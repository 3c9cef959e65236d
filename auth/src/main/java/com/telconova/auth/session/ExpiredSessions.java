package com.telconova.auth.session;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import java.time.Clock;
import java.time.Duration;

/// Forgets sessions a week after they expired, in bounded batches, so that the tables stay as small
/// as the number of people logged in.
public final class ExpiredSessions implements AutoCloseable {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int BATCH = 500;

  private final Clock clock;
  private final Database database;
  private final SessionRepository repository = new SessionRepository();
  private final Periodic periodic;

  public ExpiredSessions(Clock clock, Database database) {
    this.clock = clock;
    this.database = database;
    this.periodic = Periodic.start("expired-sessions", PAUSE, this::pass);
  }

  /// Deletes one batch.
  ///
  /// @return how many sessions left
  public int pass() {
    return database.inBackground(
        handle -> repository.deleteExpired(handle, clock.instant().minus(KEPT), BATCH));
  }

  @Override
  public void close() {
    periodic.close();
  }
}
