package com.telconova.shared.token;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions that ended before their tokens did. Stored in the service's own schema by whoever
/// learns of it, and read again each second by every instance.
///
/// An access token lives for minutes, so the set stays small: a row leaves once no token of its
/// session can still be valid.
public final class Revocations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revocations.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofMinutes(15);

  private final Clock clock;
  private final Database database;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile Set<UUID> sessions = Set.of();

  /// Reads the set once, then again each second on a virtual thread.
  public Revocations(Clock clock, Database database) {
    this.clock = clock;
    this.database = database;
    reload();
    this.thread = Thread.ofVirtual().name("revocations").start(this::run);
  }

  /// Whether this session ended.
  public boolean contains(UUID session) {
    return sessions.contains(session);
  }

  /// Ends a session, as part of the transaction of `handle`. Idempotent.
  public void insert(Handle handle, UUID session, Instant now) {
    handle
        .createUpdate(
            """
            insert into revoked_session (session_id, expires_at) values (:session, :expires)
            on conflict (session_id) do nothing
            """)
        .bind("session", session)
        .bind("expires", now.plus(KEPT))
        .execute();
  }

  /// Reads the set again, now.
  public void reload() {
    sessions =
        database.inBackground(
            handle -> {
              handle
                  .createUpdate("delete from revoked_session where expires_at < :now")
                  .bind("now", clock.instant())
                  .execute();
              return Set.copyOf(
                  handle
                      .createQuery("select session_id from revoked_session limit 1000000")
                      .mapTo(UUID.class)
                      .list());
            });
  }

  @Override
  public void close() throws InterruptedException {
    stopped.countDown();
    thread.join(PERIOD.multipliedBy(5));
  }

  private void run() {
    try {
      while (!stopped.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        reloadOrLog();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reloadOrLog() {
    try {
      reload();
    } catch (Failure | org.jdbi.v3.core.JdbiException e) {
      log.warn("Could not read the ended sessions; going on with {}", sessions.size(), e);
    }
  }
}
