package com.telconova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationsIT {
  private static final List<String> SERVICES = Migrations.SERVICES;
  private static final String NOT_PERMITTED = "42501";
  private static final String WRONG_PASSWORD = "28P01";
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start();
    // As on RDS: no superuser, but one who may create roles and owns the database.
    sql(
        admin("postgres"),
        "create role migrator login createrole password 'm'",
        "create database microflow owner migrator");
    Migrations.apply(config("microflow", true));
    requirePasswords();
  }

  /// The embedded server trusts everybody; from here on it trusts its superuser only.
  private static void requirePasswords() throws SQLException {
    sql(
        admin("postgres"),
        """
        do $$ begin
          execute format(
            'copy (select unnest(array[%L, %L])) to %L',
            'host all postgres all trust',
            'host all all all scram-sha-256',
            current_setting('hba_file'));
        end $$
        """,
        "select pg_reload_conf()");
    await().untilAsserted(() -> assertThat(getsIn("auth", "wrong")).isFalse());
  }

  private static boolean getsIn(String role, String password) {
    try (Connection _ = DriverManager.getConnection(url("microflow"), role, password)) {
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo(WRONG_PASSWORD);
      return false;
    }
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static Config config(String database, boolean reader) {
    Map<String, String> passwords = new TreeMap<>();
    SERVICES.forEach(service -> passwords.put(service, "it's " + service));
    if (reader) {
      passwords.put("reader", "it's reader");
    }
    return new Config(url(database), "migrator", "m", passwords);
  }

  private static String url(String database) {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
  }

  private static Connection admin(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "postgres", "");
  }

  private static Connection as(String role) throws SQLException {
    return DriverManager.getConnection(url("microflow"), role, "it's " + role);
  }

  private static void sql(Connection connection, String... statements) throws SQLException {
    try (connection) {
      execute(connection, statements);
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("SERVICES")
  void no_role_reads_or_writes_anothers_tables(String role) throws SQLException {
    try (Connection connection = as(role)) {
      assertRefusedElsewhere(role, connection);
    }
  }

  private static void assertRefusedElsewhere(String role, Connection connection)
      throws SQLException {
    int refused = 0;
    for (String other : SERVICES) {
      for (String table : other.equals(role) ? List.<String>of() : tables(other)) {
        for (String statement :
            List.of(
                "select * from %s",
                "delete from %s",
                "truncate %s",
                "insert into %s default values",
                "drop table %s")) {
          assertRefused(connection, statement.formatted(other + "." + table));
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
    if (!role.equals("workorder")) {
      assertRefused(connection, "select nextval('workorder.order_code')");
    }
  }

  @ParameterizedTest
  @FieldSource("SERVICES")
  void a_role_works_with_its_own_tables_without_naming_the_schema(String role) throws SQLException {
    sql(
        as(role),
        """
        insert into outbox (id, aggregate_id, sequence, type, occurred_at, data)
        values (gen_random_uuid(), gen_random_uuid(), 1, 'test.x', now(), '{}')
        """,
        "update outbox set sent_at = now()",
        "select * from outbox for update skip locked",
        "delete from outbox",
        "insert into processed (event_id, type) values (gen_random_uuid(), 'test.x')",
        "select max(version::int) from flyway_schema_history");
    String[] reads =
        tables(role).stream().map(table -> "select * from " + table).toArray(String[]::new);
    sql(as(role), reads);
  }

  @ParameterizedTest
  @FieldSource("SERVICES")
  void a_role_cannot_change_the_schema_or_forge_its_version(String role) {
    assertRefused(role, "insert into flyway_schema_history select * from flyway_schema_history");
    assertRefused(role, "update flyway_schema_history set success = true");
    assertRefused(role, "delete from flyway_schema_history");
    assertRefused(role, "create table " + role + ".mine (id int)");
    assertRefused(role, "create table public.mine (id int)");
    assertRefused(role, "drop table outbox");
    assertRefused(role, "alter table outbox add column x int");
    assertRefused(role, "truncate outbox");
    assertRefused(role, "create role mine");
    assertRefused(role, "create schema mine");
  }

  @Test
  void what_is_appended_is_never_changed() throws SQLException {
    for (String statement : List.of("update %s set id = id", "delete from %s", "truncate %s")) {
      assertRefused("tracking", statement.formatted("timeline_entry"));
    }
    for (String statement :
        List.of("update %s set reason = 'x'", "delete from %s", "truncate %s")) {
      assertRefused("workorder", statement.formatted("order_history"));
    }
    sql(as("workorder"), "select * from order_history");
    sql(as("tracking"), "select * from timeline_entry");
  }

  @Test
  void the_reader_reads_everything_and_writes_nothing() throws SQLException {
    try (Connection reader = as("reader")) {
      for (String service : SERVICES) {
        for (String table : tables(service)) {
          execute(reader, "select * from " + service + "." + table);
          assertRefused(reader, "delete from " + service + "." + table);
          assertRefused(reader, "insert into " + service + "." + table + " default values");
        }
      }
    }
  }

  @Test
  void nobody_gets_in_with_anothers_password() {
    assertThat(getsIn("auth", "it's auth")).isTrue();
    assertThat(getsIn("auth", "it's workorder")).isFalse();
  }

  @Test
  void a_second_run_changes_nothing_but_passwords() throws SQLException {
    assertThat(Migrations.apply(config("microflow", true)))
        .hasSize(3)
        .allMatch(line -> line.endsWith("0 migration(s) applied"));
    Map<String, String> changed = new TreeMap<>(config("microflow", true).rolePasswords());
    changed.put("auth", "another");

    Migrations.apply(new Config(url("microflow"), "migrator", "m", changed));

    assertThat(getsIn("auth", "another")).isTrue();
    assertThat(getsIn("auth", "it's auth")).isFalse();
    Migrations.apply(config("microflow", true));
    assertThat(getsIn("auth", "it's auth")).isTrue();
  }

  @Test
  void several_runs_at_once_on_an_empty_database_all_succeed() throws SQLException {
    sql(admin("postgres"), "create database empty owner migrator");

    List<CompletableFuture<List<String>>> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(
          CompletableFuture.supplyAsync(() -> {
            try {
              return Migrations.apply(config("empty", false));
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }));
    }

    long applied =
        runs.stream()
            .flatMap(run -> run.join().stream())
            .filter(line -> !line.contains(" 0 migration(s)"))
            .count();
    assertThat(applied).isEqualTo(3);
  }

  @Test
  void the_process_says_what_it_did_and_exits_with_0() throws Exception {
    Ended ended = run(environment(url("microflow")));

    assertThat(ended.code()).isZero();
    assertThat(ended.lines()).hasSize(3).allMatch(line -> line.startsWith("schema "));
  }

  @Test
  void missing_variables_are_named_at_once_in_one_line() throws Exception {
    Ended ended = run(Map.of("DATABASE_USER", "migrator", "AUTH_DATABASE_PASSWORD", " "));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).hasSize(1);
    assertThat(ended.lines().getFirst())
        .contains("AUTH_DATABASE_PASSWORD")
        .contains("WORKORDER_DATABASE_PASSWORD")
        .contains("TRACKING_DATABASE_PASSWORD")
        .contains("DATABASE_URL")
        .contains("DATABASE_PASSWORD");
  }

  @Test
  void a_database_that_does_not_answer_is_one_line() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }

    Ended ended = run(environment("jdbc:postgresql://localhost:" + nobody + "/microflow"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).hasSize(1);
    assertThat(ended.lines().getFirst()).contains("localhost:" + nobody).contains("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:mysql://localhost/x", "postgres://localhost/x", "x"})
  void an_address_of_another_kind_is_one_line(String url) throws Exception {
    Ended ended = run(environment(url));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).hasSize(1);
  }

  @Test
  void a_migration_that_fails_is_one_line_and_leaves_nothing_behind() throws Exception {
    sql(admin("postgres"), "create database broken owner migrator");
    sql(
        admin("broken"),
        "create schema auth authorization migrator",
        "create table auth.app_user (id int)");

    Ended ended = run(environment(url("broken")));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).hasSize(1);
    assertThat(ended.lines().getFirst()).contains("auth");
  }

  private record Ended(int code, List<String> lines) {}

  private static Map<String, String> environment(String url) {
    return Map.of(
        "DATABASE_URL", url,
        "DATABASE_USER", "migrator",
        "DATABASE_PASSWORD", "m",
        "AUTH_DATABASE_PASSWORD", "it's auth",
        "WORKORDER_DATABASE_PASSWORD", "it's workorder",
        "TRACKING_DATABASE_PASSWORD", "it's tracking",
        "READER_DATABASE_PASSWORD", "it's reader");
  }

  private static Ended run(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output.lines().toList());
  }

  private static List<String> tables(String schema) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = admin("microflow");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select tablename from pg_tables where schemaname = '" + schema + "'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    assertThat(tables).hasSizeGreaterThan(5);
    return tables;
  }

  private static void assertRefused(String role, String statement) {
    try (Connection connection = as(role)) {
      assertRefused(connection, statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Connection connection, String statement) {
    assertThatThrownBy(() -> execute(connection, statement))
        .as(statement)
        .isInstanceOfSatisfying(
            SQLException.class,
            refused -> assertThat(refused.getSQLState()).isEqualTo(NOT_PERMITTED));
  }
}
