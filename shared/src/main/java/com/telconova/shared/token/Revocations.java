package com.telconova.shared.token;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/// The sessions that ended before their tokens did. Stored in the service's own schema by whoever
/// learns of it, and read again each second by every instance.
///
/// A failure to read goes on with what was read before. An access token lives for minutes, so the
/// set stays small: a row leaves once no token of its session can still be valid.
public final class Revocations implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofMinutes(15);

  private final Clock clock;
  private final Database database;
  private final Periodic periodic;
  private final Set<UUID> justEnded = ConcurrentHashMap.newKeySet();
  private volatile Set<UUID> sessions = Set.of();

  /// Reads the set once, then again each second on a virtual thread.
  public Revocations(Clock clock, Database database) {
    this.clock = clock;
    this.database = database;
    reload();
    this.periodic = Periodic.start("revocations", PAUSE, this::reload);
  }

  /// Whether this session ended.
  public boolean contains(UUID session) {
    return sessions.contains(session) || justEnded.contains(session);
  }

  /// Ends a session, as part of the transaction of `handle`: for this instance as soon as that
  /// commits, for the others within a second. Idempotent.
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
    handle.afterCommit(() -> justEnded.add(session));
  }

  /// Reads the set again, now.
  public void reload() {
    Set<UUID> committedBefore = Set.copyOf(justEnded);
    sessions =
        database.inBackground(handle -> {
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
    justEnded.removeAll(committedBefore); // they are among what was read
  }

  @Override
  public void close() {
    periodic.close();
  }
}
