package com.telconova.shared.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.config.Secret;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Wire;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DatabaseIT {
  private final Bench bench = Bench.get();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(config(bench.databaseUrl(), 10), registry);
  }

  @AfterEach
  void close() {
    threads.close();
    database.close();
  }

  private DatabaseConfig config(String url, int requests) {
    return new DatabaseConfig(url, "workorder", new Secret(bench.password()), requests, 2);
  }

  private static int sleep(Database database, double seconds) {
    return database.inTransaction(handle ->
        handle
            .createQuery("select 1 from pg_sleep(:s)")
            .bind("s", seconds)
            .mapTo(Integer.class)
            .one());
  }

  @Test
  void under_a_flood_some_are_served_and_the_rest_hears_of_it_within_a_second() throws Exception {
    tenAtOnce(); // the pool makes its connections when they are needed
    CountDownLatch start = new CountDownLatch(1);
    Callable<String> request =
        () -> {
          start.await();
          long before = System.nanoTime();
          try {
            sleep(database, 0.1);
            return "200";
          } catch (Failure.Unavailable e) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            return millis < 1_100 ? "503" : "503 after " + millis + " ms";
          }
        };
    List<Future<String>> flood =
        IntStream.range(0, 500).mapToObj(_ -> threads.submit(request)).toList();
    start.countDown();

    Map<String, Long> answers =
        flood.stream().collect(Collectors.groupingBy(DatabaseIT::get, Collectors.counting()));

    System.out.println("500 at once for 10 connections: " + answers);
    assertThat(answers.keySet()).isSubsetOf("200", "503");
    // ten run and fifty wait; who comes late may find a place again
    assertThat(answers.get("200")).isBetween(50L, 120L);
    tenAtOnce(); // nothing leaked
    assertThat(sample("db_gate_waiting", "lane", "requests")).isZero();
  }

  @Test
  void work_inside_other_work_shares_its_place_and_its_fate() {
    UUID session = UUID.randomUUID();
    String insert = "insert into revoked_session (session_id, expires_at) values (?, now())";
    try (Database narrow = Database.open(config(bench.databaseUrl(), 1), new CollectorRegistry())) {
      narrow.useTransaction(outer -> {
        narrow.useTransaction(inner -> inner.execute(insert, session));
        assertThat(
                narrow.<Integer, RuntimeException>read(handle ->
                    handle
                        .createQuery("select count(*) from revoked_session where session_id = ?")
                        .bind(0, session)
                        .mapTo(Integer.class)
                        .one()))
            .isEqualTo(1);
        outer.rollback();
      });
      assertThat(sleep(narrow, 0)).isEqualTo(1);
    }
  }

  @Test
  void places_are_given_back_when_the_work_fails() {
    for (int i = 0; i < 30; i++) {
      assertThatThrownBy(() -> database.useTransaction(handle -> handle.execute("select nonsense")))
          .isInstanceOf(JdbiException.class);
      assertThatThrownBy(() ->
              database.read(_ -> {
                throw new IOException("checked");
              }))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() ->
              database.inBackground(_ -> {
                throw new StackOverflowError("an error");
              }))
          .isInstanceOf(StackOverflowError.class);
    }

    assertThat(sleep(database, 0)).isEqualTo(1);
    assertThat(database.fault()).isEmpty();
    assertThat(sample("db_client_connection_count", "state", "used")).isZero();
  }

  @Test
  void background_work_and_readiness_do_not_wait_for_requests() throws Exception {
    CountDownLatch held = new CountDownLatch(10);
    CountDownLatch release = new CountDownLatch(1);
    List<Future<Boolean>> busy =
        IntStream.range(0, 10).mapToObj(_ -> threads.submit(() -> hold(held, release))).toList();
    assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sample("db_client_connection_count", "state", "used")).isEqualTo(10.0);

    database.<Integer, RuntimeException>inBackground(handle -> handle.execute("select 1"));
    assertThat(database.fault()).isEmpty();

    assertThat(busy).noneMatch(Future::isDone);
    release.countDown();
    for (Future<Boolean> request : busy) {
      assertThat(request.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// Holds a connection; comes again where a busy machine took too long to make one.
  private boolean hold(CountDownLatch held, CountDownLatch release) throws InterruptedException {
    while (true) {
      try {
        return database.read(_ -> {
          held.countDown();
          return release.await(30, TimeUnit.SECONDS);
        });
      } catch (ConnectionException late) {
        assertThat(DatabaseFaults.unavailable(late)).isPresent();
      }
    }
  }

  @Test
  void readiness_does_not_wait_for_background_work_either() {
    List<Future<Integer>> busy =
        IntStream.range(0, 6)
            .mapToObj(_ ->
                threads.submit(() ->
                    database.<Integer, RuntimeException>inBackground(
                        handle -> handle.execute("select pg_sleep(0.5)"))))
            .toList();
    await()
        .untilAsserted(
            () -> assertThat(sample("db_gate_waiting", "lane", "background")).isPositive());

    assertThat(database.fault()).isEmpty();

    assertThat(sample("db_gate_waiting", "lane", "background")).isPositive();
    busy.forEach(DatabaseIT::get);
  }

  @Test
  void a_statement_that_takes_too_long_is_answered_with_come_again() {
    long start = System.nanoTime();

    assertThatThrownBy(() -> sleep(database, 10))
        .satisfies(thrown -> assertThat(DatabaseFaults.unavailable(thrown)).isPresent());

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1_900), Duration.ofMillis(2_900));
  }

  @Test
  void a_lock_that_is_not_to_be_had_is_answered_with_come_again() {
    UUID session = UUID.randomUUID();
    String insert = "insert into revoked_session (session_id, expires_at) values (?, now())";

    database.useTransaction(first -> {
      first.execute(insert, session);
      long start = System.nanoTime();

      // on a thread of its own: Jdbi gives one thread one connection
      Future<?> second =
          threads.submit(() -> database.useTransaction(handle -> handle.execute(insert, session)));

      assertThatThrownBy(second::get)
          .satisfies(thrown -> assertThat(DatabaseFaults.unavailable(thrown)).isPresent());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      first.rollback();
    });
  }

  @Test
  void a_fault_of_ours_is_not_taken_for_one_of_the_database() {
    assertThatThrownBy(() -> database.useTransaction(handle -> handle.execute("select nonsense")))
        .satisfies(thrown -> assertThat(DatabaseFaults.unavailable(thrown)).isEmpty());
    assertThat(DatabaseFaults.unavailable(new IllegalStateException("a bug"))).isEmpty();
  }

  @Test
  void a_violated_constraint_is_known_by_its_name() {
    UUID session = UUID.randomUUID();
    String insert = "insert into revoked_session (session_id, expires_at) values (?, now())";

    assertThatThrownBy(() ->
            database.useTransaction(handle -> {
              handle.execute(insert, session);
              handle.execute(insert, session);
            }))
        .isInstanceOfSatisfying(
            JdbiException.class,
            thrown -> {
              assertThat(DatabaseFaults.violates(thrown, "revoked_session_pkey")).isTrue();
              assertThat(DatabaseFaults.violates(thrown, "revoked_session")).isFalse();
              assertThat(DatabaseFaults.unavailable(thrown)).isEmpty();
            });
  }

  @Test
  void a_server_that_ends_every_session_is_come_again_and_then_works() {
    DatabaseConfig other =
        new DatabaseConfig(bench.databaseUrl(), "tracking", new Secret(bench.password()), 10, 2);
    try (Database another = Database.open(other, new CollectorRegistry())) {
      assertThatThrownBy(() ->
              another.useTransaction(handle -> {
                handle.execute("select 1");
                Jdbi.create(bench.adminUrl())
                    .useHandle(admin ->
                        admin.execute(
                            """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where usename = 'tracking'
                            """));
                handle.execute("select 1");
              }))
          .satisfies(thrown -> assertThat(DatabaseFaults.unavailable(thrown)).isPresent());

      assertThat(sleep(another, 0)).isEqualTo(1);
    }
  }

  @Test
  void a_cut_wire_is_come_again_and_heals_without_a_restart() {
    try (Wire wire = new Wire(port());
        Database far = Database.open(config(url(wire.port()), 10), new CollectorRegistry())) {
      assertThat(sleep(far, 0)).isEqualTo(1);

      wire.cut();
      long cut = System.nanoTime();
      assertThatThrownBy(() -> sleep(far, 0))
          .satisfies(thrown -> assertThat(DatabaseFaults.unavailable(thrown)).isPresent());
      assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(3));
      assertThat(far.fault()).isPresent();

      wire.mend();
      long start = System.nanoTime();
      await().atMost(Duration.ofSeconds(5)).until(() -> far.fault().isEmpty());
      System.out.printf(
          "ready after the wire was mended: %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      assertThat(sleep(far, 0)).isEqualTo(1);
    }
  }

  @Test
  void a_wire_that_swallows_everything_is_come_again_within_five_seconds() {
    try (Wire wire = new Wire(port());
        Database far = Database.open(config(url(wire.port()), 3), new CollectorRegistry())) {
      assertThat(sleep(far, 0)).isEqualTo(1);

      wire.swallow();
      List<Future<Long>> requests =
          IntStream.range(0, 20)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    long start = System.nanoTime();
                    assertThatThrownBy(() -> sleep(far, 0))
                        .satisfies(thrown ->
                            assertThat(
                                    thrown instanceof Failure.Unavailable
                                        || DatabaseFaults.unavailable(thrown).isPresent())
                                .isTrue());
                    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                  }))
              .toList();

      long slowest = requests.stream().mapToLong(DatabaseIT::get).max().orElseThrow();
      System.out.println("slowest answer while the network swallowed: " + slowest + " ms");
      assertThat(slowest).isLessThan(5_000);
      assertThat(far.fault()).isPresent();

      wire.mend();
      await().atMost(Duration.ofSeconds(10)).until(() -> far.fault().isEmpty());
    }
  }

  @Test
  void a_database_that_is_not_there_is_said_at_the_start_soon_and_in_one_line() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    long start = System.nanoTime();
    try (Database far = Database.open(config(url(nobody), 10), new CollectorRegistry())) {
      assertThatThrownBy(() -> SchemaVersion.require(far, 1, Duration.ZERO))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("DATABASE_URL")
          .hasMessageContaining("refused")
          .hasMessageNotContaining("\n")
          .hasMessageNotContaining(bench.password() + "@");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void a_database_that_is_still_starting_is_waited_for() throws Exception {
    try (Wire wire = new Wire(port());
        Database far = Database.open(config(url(wire.port()), 3), new CollectorRegistry())) {
      wire.cut();
      Future<?> start = threads.submit(() -> SchemaVersion.require(far, 1, SchemaVersion.PATIENCE));
      await().until(() -> far.fault().isPresent());
      assertThat(start.isDone()).isFalse();

      wire.mend();

      start.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_wrong_password_and_a_missing_database_are_said_in_one_line() {
    DatabaseConfig wrong =
        new DatabaseConfig(bench.databaseUrl(), "workorder", new Secret("wrong-secret"), 10, 2);
    try (Database database = Database.open(wrong, new CollectorRegistry())) {
      assertThatThrownBy(() -> SchemaVersion.require(database, 1, SchemaVersion.PATIENCE))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("password authentication failed")
          .hasMessageNotContaining("wrong-secret")
          .hasMessageNotContaining("\n");
    }
    try (Database database =
        Database.open(config(bench.databaseUrl() + "x", 10), new CollectorRegistry())) {
      assertThatThrownBy(() -> SchemaVersion.require(database, 1, SchemaVersion.PATIENCE))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("microflowx")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void a_schema_that_is_too_old_or_missing_is_said_in_one_line() {
    SchemaVersion.require(database, 1, SchemaVersion.PATIENCE);

    assertThatThrownBy(() -> SchemaVersion.require(database, 9_999, SchemaVersion.PATIENCE))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("needs 9999")
        .hasMessageContaining("sql process")
        .hasMessageNotContaining("\n");
    DatabaseConfig elsewhere =
        new DatabaseConfig(
            bench.databaseUrl().replace("/microflow", "/postgres"),
            "workorder",
            new Secret(bench.password()),
            10,
            2);
    try (Database empty = Database.open(elsewhere, new CollectorRegistry())) {
      assertThatThrownBy(() -> SchemaVersion.require(empty, 1, SchemaVersion.PATIENCE))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("sql process")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void times_are_the_same_on_the_way_back_whatever_the_zone_of_the_session() {
    // Auckland's clocks went back on 5 April 2026: 02:30 came twice.
    List<Instant> instants =
        List.of(
            Instant.parse("2026-04-04T13:30:00.123456Z"),
            Instant.parse("2026-04-04T14:30:00.123456Z"),
            Instant.parse("2026-09-26T14:30:00Z"),
            Instant.parse("1970-01-01T00:00:00Z"),
            Instant.parse("1883-11-18T12:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"));

    String zone =
        database.read(handle -> handle.createQuery("show timezone").mapTo(String.class).one());
    List<Instant> back =
        instants.stream()
            .map(instant ->
                database.<Instant, RuntimeException>read(handle ->
                    handle
                        .createQuery("select cast(:at as timestamptz)")
                        .bind("at", instant)
                        .mapTo(Instant.class)
                        .one()))
            .toList();

    assertThat(zone).isEqualTo("Pacific/Auckland");
    assertThat(back).isEqualTo(instants);
  }

  @Test
  void no_connection_is_left_behind() {
    DatabaseConfig other =
        new DatabaseConfig(bench.databaseUrl(), "auth", new Secret(bench.password()), 10, 2);
    Database another = Database.open(other, new CollectorRegistry());
    for (int i = 0; i < 20; i++) {
      sleep(another, 0);
    }
    assertThat(connectionsOf("auth")).isPositive();

    another.close();

    await().untilAsserted(() -> assertThat(connectionsOf("auth")).isZero());
  }

  private int connectionsOf(String role) {
    return Jdbi.create(bench.adminUrl())
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from pg_stat_activity where usename = :role")
                .bind("role", role)
                .mapTo(Integer.class)
                .one());
  }

  private void tenAtOnce() {
    IntStream.range(0, 10)
        .mapToObj(_ -> threads.submit(() -> sleep(database, 0.2)))
        .toList()
        .forEach(DatabaseIT::get);
  }

  private int port() {
    return URI.create(bench.databaseUrl().substring("jdbc:".length())).getPort();
  }

  private static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/microflow";
  }

  private Double sample(String name, String label, String value) {
    return registry.getSampleValue(name, new String[] {label}, new String[] {value});
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
