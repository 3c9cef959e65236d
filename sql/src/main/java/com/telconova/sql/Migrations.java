package com.telconova.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/// One schema and one role per service; a role sees its own schema and no other. Each schema gets
/// the migrations of `sql/shared` and its own. Can be run again at any time, and by several at
/// once.
public final class Migrations {
  /// Each service's name is the name of its schema and of its role.
  public static final List<String> SERVICES = List.of("auth", "workorder", "tracking");

  static final String READER = "reader";

  /// Serialises runs on one database; any number that nobody else uses.
  private static final long LOCK = 7_305_804_402_566_922_602L;

  /// How long a run waits for another one to end.
  private static final int LOCK_WAIT_SECONDS = 300;

  /// Tables that are only ever appended to.
  private static final List<String> APPENDED =
      List.of("workorder.order_history", "tracking.timeline_entry");

  private Migrations() {}

  /// Creates roles and schemas where they are missing, applies the migrations that were not applied
  /// yet, and sets passwords and privileges.
  ///
  /// @return what was done, a line per schema
  /// @throws SQLException when the database cannot be reached or refuses
  public static List<String> apply(Config config) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(config.url(), config.user(), config.password())) {
      execute(connection, "set lock_timeout = '" + LOCK_WAIT_SECONDS + "s'");
      execute(connection, "select pg_advisory_lock(" + LOCK + ")");
      for (var role : config.rolePasswords().entrySet()) {
        createRole(connection, role.getKey(), role.getValue());
      }
      List<String> report = new ArrayList<>();
      for (String service : SERVICES) {
        report.add(migrate(config, service));
        grant(connection, service, config.rolePasswords().containsKey(READER));
      }
      return report;
    }
  }

  private static String migrate(Config config, String service) {
    MigrateResult result =
        Flyway.configure()
            .dataSource(config.url(), config.user(), config.password())
            .schemas(service)
            .locations("classpath:shared", "classpath:" + service)
            .load()
            .migrate();
    return "schema %s: version %s, %d migration(s) applied"
        .formatted(
            service,
            result.targetSchemaVersion == null
                ? result.initialSchemaVersion
                : result.targetSchemaVersion,
            result.migrationsExecuted);
  }

  private static void createRole(Connection connection, String role, String password)
      throws SQLException {
    if (count(connection, "select count(*) from pg_roles where rolname = ?", role) == 0) {
      execute(connection, "create role " + role + " login");
    }
    // DDL takes no parameters: PostgreSQL itself quotes the password into the statement.
    try (PreparedStatement format =
        connection.prepareStatement(
            "select format('alter role %I with login password %L', ?::text, ?::text)")) {
      format.setString(1, role);
      format.setString(2, password);
      try (ResultSet row = format.executeQuery()) {
        row.next();
        execute(connection, row.getString(1));
      }
    }
  }

  private static void grant(Connection connection, String service, boolean reader)
      throws SQLException {
    execute(connection, "revoke all on schema %s from public".formatted(service));
    execute(connection, "alter role %1$s set search_path = %1$s".formatted(service));
    execute(connection, "grant usage on schema %1$s to %1$s".formatted(service));
    execute(
        connection,
        "grant select, insert, update, delete on all tables in schema %1$s to %1$s"
            .formatted(service));
    execute(connection, "grant usage on all sequences in schema %1$s to %1$s".formatted(service));
    execute(
        connection,
        "revoke insert, update, delete on %1$s.flyway_schema_history from %1$s".formatted(service));
    for (String table : APPENDED) {
      if (table.startsWith(service + ".")) {
        execute(connection, "revoke update, delete on %s from %s".formatted(table, service));
      }
    }
    if (reader) {
      execute(connection, "grant usage on schema %s to %s".formatted(service, READER));
      execute(
          connection, "grant select on all tables in schema %s to %s".formatted(service, READER));
    }
  }

  private static int count(Connection connection, String query, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
