package com.telconova.local.bench;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.footprint.Footprint;
import com.telconova.local.image.ImageTrees;
import com.telconova.local.people.People;
import com.telconova.local.people.Person;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.Service;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.config.Settings;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import com.telconova.workorder.seed.SeedPlan;
import com.telconova.workorder.seed.Seeder;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.CalendarConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The system that is measured, arranged for each part as that needs it.
final class Ground implements AutoCloseable {
  private static final Duration STOP_TIME = Duration.ofSeconds(40);

  /// The copied orders' ids: this, and a number from [#FIRST_COPY] on.
  static final String COPY = "01900000-0000-7000-8000-";

  static final long FIRST_COPY = 100_000_000_000L;

  /// What every id of an order that pgbench makes begins with.
  static final String PGBENCH = "01999999-9999-7";

  private final Checkout checkout;
  private final Terminal terminal;
  private final OptionalInt portOffset;
  private final Optional<ImageTrees> images;
  private final Knobs knobs;
  private final Map<String, Knobs.Setup> running = new HashMap<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private Workbench bench;
  private People people;
  private Person silent;
  private Sink sink;
  private int copies;
  private volatile String progress = "";

  /// @param images empty to measure what the build left, without a cache
  Ground(
      Checkout checkout, Terminal terminal, OptionalInt portOffset, Optional<ImageTrees> images) {
    this.checkout = checkout;
    this.terminal = terminal;
    this.portOffset = portOffset;
    this.images = images;
    this.knobs = new Knobs(images);
  }

  Checkout checkout() {
    return checkout;
  }

  Terminal terminal() {
    return terminal;
  }

  Optional<ImageTrees> images() {
    return images;
  }

  /// Says how far a part is.
  void progress(String text, Object... arguments) {
    progress = text.formatted(arguments);
  }

  String progress() {
    return progress;
  }

  /// The system, started when it is asked for first, with somebody of each role.
  Workbench bench() throws Exception {
    if (bench == null) {
      bench = Workbench.start(checkout, terminal, new Plan(portOffset, 1, knobs));
      sink = bench.opened(Sink.open());
      Topology.SERVICES.forEach(service -> running.put(service, Knobs.Setup.SHIPPED));
      people = People.with(bench.environment());
      silent =
          new Person(
              "Silvia Mora",
              "CLIENT",
              "silvia@home.example",
              bench.environment().newPassword(),
              "es");
      try (var api = bench.api()) {
        people.register(api);
        expect(201, api.post("/auth/register", null, silent.registration()), "register a client");
        var profile =
            Map.of("name", silent.name(), "notificationPreferences", Map.of("channels", List.of()));
        var token =
            expect(200, api.post("/auth/login", null, silent.login()), "log in")
                .text("/accessToken");
        expect(200, api.put("/auth/profile", token, profile), "ask for no mail");
      }
    }
    return bench;
  }

  Sink sink() {
    return sink;
  }

  Person supervisor() {
    return people.supervisor();
  }

  /// A client who wants no mail: thousands would go to one mailbox.
  Person client() {
    return silent;
  }

  Service service(String name) throws Exception {
    return bench().service(name, 1);
  }

  /// Has exactly these services run, each as it is asked for; what runs so already goes on.
  void arrange(Map<String, Knobs.Setup> wanted) throws Exception {
    bench();
    for (var name : Topology.SERVICES) {
      if (!wanted.containsKey(name)) {
        service(name).stop(STOP_TIME);
      }
    }
    for (var name : Topology.SERVICES) {
      var setup = wanted.get(name);
      if (setup != null && (!service(name).isAlive() || !setup.equals(running.get(name)))) {
        restart(name, setup);
      }
    }
  }

  /// Stops a service and starts it again.
  void restart(String name, Knobs.Setup setup) throws Exception {
    setUp(name, setup);
    service(name).restart();
    service(name).awaitReady();
  }

  /// Stops a service; its next start is like this.
  void setUp(String name, Knobs.Setup setup) throws Exception {
    knobs.set(name, setup);
    service(name).stop(STOP_TIME);
    running.put(name, setup);
  }

  /// workorder by itself, with auth for its tokens, and its events taken by nobody who would need
  /// the processor.
  void arrangeForRates() throws Exception {
    bench();
    arrange(
        Map.of(
            "auth",
            Knobs.Setup.SHIPPED,
            "workorder",
            Knobs.Setup.SHIPPED.withEventsTo(sink.url())));
  }

  /// Everything as it is shipped.
  void arrangeAll() throws Exception {
    arrange(Topology.SERVICES.stream().collect(Collectors.toMap(s -> s, _ -> Knobs.Setup.SHIPPED)));
  }

  /// New access tokens, each of a session of its own, good for five minutes.
  List<String> tokens(Person person, int count) throws Exception {
    try (var auth = new Client(service("auth").url())) {
      var tokens = new ArrayList<String>();
      for (int i = 0; i < count; i++) {
        tokens.add(
            expect(200, auth.post("/auth/login", null, person.login()), "log in")
                .text("/accessToken"));
      }
      return tokens;
    }
  }

  /// Makes up orders, and copies some of them under ids that pgbench can compute.
  void seed(int orders) throws Exception {
    if (copies > 0) {
      return;
    }
    bench();
    var calendar = BusinessCalendar.of(CalendarConfig.from(Settings.of(Map.of())));
    terminal.step(
        "orders",
        "%,d made-up ones, as ./microflow seed does".formatted(orders),
        () ->
            Seeder.write(
                bench.environment().ownerUrl(),
                new SeedPlan(orders, 500, 12, Instant.now()),
                calendar,
                (_, _, _) -> {}));
    copies = copy(orders / 5);
  }

  /// How many orders are there under computable ids.
  int copies() {
    return copies;
  }

  private int copy(int count) throws SQLException {
    try (var connection = DriverManager.getConnection(bench.environment().ownerUrl());
        var statement = connection.createStatement()) {
      statement.execute("set search_path = workorder, public");
      statement.execute("set session_replication_role = replica"); // no trigger runs
      var columns = new ArrayList<String>();
      try (var rows =
          statement.executeQuery(
              """
              select column_name from information_schema.columns
              where table_schema = 'workorder' and table_name = 'work_order'
                and is_generated = 'NEVER' and column_name not in ('id', 'code')
              order by ordinal_position
              """)) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
      var names = String.join(", ", columns);
      int made =
          statement.executeUpdate(
              """
              insert into work_order (id, code, %1$s)
              select ('%2$s' || (%3$d + n))::uuid, 'WO-1999-' || (100000 + n), %1$s
              from (
                select row_number() over (order by id) - 1 as n, %1$s
                from (select * from work_order where status <> 'IN_PROGRESS' order by id
                      limit %4$d) picked) numbered
              """
                  .formatted(names, COPY, FIRST_COPY, count));
      statement.execute("vacuum (analyze) work_order");
      return made;
    }
  }

  /// Runs statements as the owner of everything.
  void sql(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(bench.environment().ownerUrl());
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// The first figure of a query of the owner's, as text.
  String query(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(bench.environment().ownerUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  /// What the database logged while something was done: every statement with what was bound.
  String logged(Work work) throws Exception {
    var log = checkout.folder().resolve("run/postgres/postgres.log");
    try {
      sql("alter system set log_min_duration_statement = 0", "select pg_reload_conf()");
      long from = Files.size(log);
      work.run();
      pause(Duration.ofMillis(200));
      var bytes = Files.readAllBytes(log);
      int begin = (int) Math.min(from, bytes.length);
      return new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8);
    } finally {
      sql("alter system reset log_min_duration_statement", "select pg_reload_conf()");
    }
  }

  /// Something that is done meanwhile.
  interface Work {
    void run() throws Exception;
  }

  /// Does something while no service uses the processor.
  void alone(Work work) throws Exception {
    var stopped = new ArrayList<Service>();
    try {
      for (var service : bench().services()) {
        if (service.isAlive()) {
          service.signal("STOP");
          stopped.add(service);
        }
      }
      work.run();
    } finally {
      for (var service : stopped) {
        service.signal("CONT");
      }
    }
  }

  /// Processor time of a service's process.
  Duration cpu(Service service) {
    return Footprint.of(service.pid()).map(Footprint::cpu).orElse(Duration.ZERO);
  }

  /// Processor time of PostgreSQL with the processes that it has now.
  Duration postgresCpu() {
    return Footprint.ofTree(bench.postgres().pid()).map(Footprint::cpu).orElse(Duration.ZERO);
  }

  /// Lets time pass.
  void pause(Duration time) throws InterruptedException {
    never.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A folder for scripts, emptied with the run.
  Path scratch() throws IOException {
    return Files.createDirectories(checkout.folder().resolve("run/bench"));
  }

  static Answer expect(int status, Answer answer, String what) {
    if (answer.status() != status) {
      throw new StepFailed(
          "%s: %d instead of %d, %s".formatted(what, answer.status(), status, answer.problem()));
    }
    return answer;
  }

  @Override
  public void close() {
    if (bench != null) {
      bench.close();
    }
  }
}
