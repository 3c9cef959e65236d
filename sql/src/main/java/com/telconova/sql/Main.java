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
      System.err.println("The migrations were not applied: " + e.getMessage());
      System.exit(1);
    }
  }
}
