package com.telconova.shared.database;

import com.telconova.shared.problem.Failure;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.util.PSQLException;

/// What an SQL error means to those who asked. States are PostgreSQL's (appendix A of its manual).
public final class DatabaseFaults {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String UNIQUE_VIOLATION = "23505";
  private static final Set<String> BUSY =
      Set.of(
          "40001", // serialization failure
          "40P01", // deadlock
          "55P03", // lock_timeout
          "57014"); // statement_timeout

  private DatabaseFaults() {}

  /// The failure to answer with when the database is down, stopping, or too busy; empty for any
  /// other error, which is a bug of ours.
  public static Optional<Failure.Unavailable> unavailable(Throwable thrown) {
    return sqlCause(thrown)
        .filter(DatabaseFaults::passing)
        .map(cause ->
            new Failure.Unavailable(
                "The database cannot answer at the moment; try again.", RETRY_AFTER, cause));
  }

  /// Whether a unique constraint or index of this name was violated.
  public static boolean violates(JdbiException thrown, String constraint) {
    return sqlCause(thrown)
        .filter(cause -> UNIQUE_VIOLATION.equals(cause.getSQLState()))
        .filter(PSQLException.class::isInstance)
        .map(cause -> ((PSQLException) cause).getServerErrorMessage())
        .filter(message -> constraint.equals(message.getConstraint()))
        .isPresent();
  }

  /// Whether a connection broke, or was found broken when it was about to be used.
  static boolean isLostConnection(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SQLException cause
          && cause.getSQLState() != null
          && cause.getSQLState().startsWith("08")) {
        return true;
      }
    }
    return false;
  }

  private static boolean passing(SQLException cause) {
    String state = cause.getSQLState() == null ? "" : cause.getSQLState();
    return cause instanceof SQLTransientException
        || state.startsWith("08") // connection
        || state.startsWith("53") // too many connections, disk or memory full
        || state.startsWith("57P") // shutting down, starting up, crashed
        || BUSY.contains(state);
  }

  /// What the server said: of a batch, that is the cause of the exception which tells of the batch.
  private static Optional<SQLException> sqlCause(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SQLException cause && !(at instanceof BatchUpdateException)) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }
}
