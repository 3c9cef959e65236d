package com.telconova.shared.database;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// Refuses to start on a schema that is older than the code. Services never migrate: the one-shot
/// process of the module `sql` does.
public final class SchemaVersion {
  private SchemaVersion() {}

  /// @param needed the number of the newest migration that the service's code relies on
  /// @throws CannotStart when the database does not answer or its schema is older than that
  public static void require(Database database, int needed) {
    int found;
    try {
      found = database.inBackground(SchemaVersion::found).orElse(0);
    } catch (JdbiException | Failure e) {
      throw new CannotStart(
          "The database cannot be used: %s. Check DATABASE_URL, DATABASE_USER and DATABASE_PASSWORD, and that the sql process has run."
              .formatted(CannotStart.reason(e)),
          e);
    }
    if (found < needed) {
      throw new CannotStart(
          "The schema is at version %d and this service needs %d: run the sql process first."
              .formatted(found, needed),
          null);
    }
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
