package com.telconova.sql;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;

/// Applies the migrations and exits: 0 when the database is as it should be, 1 with one line that
/// says why not.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    try {
      Migrations.apply(Config.from(System.getenv())).forEach(System.out::println);
    } catch (IllegalArgumentException | SQLException | FlywayException e) {
      System.err.println("The migrations were not applied: " + line(e));
      System.exit(1);
    }
  }

  /// What is wrong, in one line: Flyway and PostgreSQL use several.
  private static String line(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String first = firstLine(thrown);
    return root == thrown ? first : first + " (" + firstLine(root) + ")";
  }

  private static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).strip().lines().findFirst().orElse("");
  }
}
