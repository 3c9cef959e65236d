package com.telconova.shared.database;

import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/// Refuses to start on a schema that is older than the code. Services never migrate: the one-shot
/// process of the module `sql` does.
public final class SchemaVersion {
  /// The database cannot be used as it is; the message says what to do.
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message, Throwable cause) {
      super(message, cause, false, false);
    }
  }

  private SchemaVersion() {}

  /// @param needed the number of the newest migration that the service's code relies on
  /// @throws Unusable when the database does not answer or its schema is older than that
  public static void require(Database database, int needed) {
    int found;
    try {
      found = database.inBackground(SchemaVersion::found).orElse(0);
    } catch (JdbiException | com.telconova.shared.problem.Failure e) {
      throw new Unusable(
          "The database cannot be used: %s. Check DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD, and that the migrations have run."
              .formatted(rootMessage(e)),
          e);
    }
    if (found < needed) {
      throw new Unusable(
          "The schema is at version %d and this service needs %d; run the sql process first."
              .formatted(found, needed),
          null);
    }
  }

  private static Optional<Integer> found(org.jdbi.v3.core.Handle handle) {
    return handle
        .createQuery(
            "select max(version::int) from flyway_schema_history where success and version is not null")
        .mapTo(Integer.class)
        .findOne();
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
