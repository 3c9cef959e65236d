package com.telconova.shared.database;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// Refuses to start on a schema that is older than the code. Services never migrate: the one-shot
/// process of the module `sql` does.
public final class SchemaVersion {
  private SchemaVersion() {}

  /// How long a database that does not answer is waited for: it may be failing over, or this
  /// machine may be busy.
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final List<String> PERMANENT =
      List.of(
          "28", // password or role refused
          "3D", // no such database
          "42"); // no such table: nothing was migrated

  /// @param needed the number of the newest migration that the service's code relies on
  /// @param patience how long to wait for a database that does not answer; [#PATIENCE] but in tests
  /// @throws CannotStart when the database does not answer or its schema is older than that
  public static void require(Database database, int needed, Duration patience) {
    int found = awaitFound(database, System.nanoTime() + patience.toNanos());
    if (found < needed) {
      throw new CannotStart(
          "The schema is at version %d and this service needs %d: run the sql process first."
              .formatted(found, needed),
          null);
    }
  }

  private static int awaitFound(Database database, long deadline) {
    while (true) {
      try {
        return database.inBackground(SchemaVersion::found).orElse(0);
      } catch (JdbiException | Failure e) {
        if (isPermanent(e) || System.nanoTime() >= deadline) {
          throw unusable(e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isPermanent(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getSQLState() != null) {
        String state = sql.getSQLState();
        if (PERMANENT.stream().anyMatch(state::startsWith)) {
          return true;
        }
      }
    }
    return false;
  }

  private static CannotStart unusable(RuntimeException e) {
    return new CannotStart(
        "The database cannot be used: %s. Check DATABASE_URL, DATABASE_USER and DATABASE_PASSWORD, and that the sql process has run."
            .formatted(CannotStart.reason(e)),
        e);
  }

  private static Optional<Integer> found(Handle handle) {
    return handle
        .createQuery(
            """
            select max(version::int) from flyway_schema_history
            where success and version is not null
            """)
        .mapTo(Integer.class)
        .findOne();
  }
}
