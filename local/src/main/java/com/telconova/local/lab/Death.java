package com.telconova.local.lab;

import com.telconova.local.api.Client;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process that is asked to end, and one that is ended.
final class Death implements Experiment {
  private static final int REQUESTS = 6;
  private static final int LIMIT_SECONDS = 40;
  private static final int WARM = 20;
  private static final int ATTEMPTS = 5;
  // A service gives up on a lock after 500 ms; the lock is let go before.
  private static final Duration SOON = Duration.ofMillis(350);
  private static final Duration HELD = Duration.ofMillis(100);

  private static final String HALVES =
      """
      select count(*) from workorder.work_order o where title = '%s' and (
        not exists (select 1 from workorder.order_history where order_id = o.id)
        or not exists (select 1 from workorder.aggregate_sequence where aggregate_id = o.id))
      """;

  /// One death.
  ///
  /// @param signal without SIG
  /// @param inFlight requests that waited for the database when it came
  /// @param answered of them with 201, and those whose connection ended
  /// @param error what Java calls the end of a connection; empty when there was none
  /// @param noticed until the first of these knew, in seconds; NaN when none
  /// @param exit its exit code
  /// @param ended until the process was gone, in seconds
  /// @param stored orders of these requests that are in the database
  /// @param halves of these, without their history or without an event
  /// @param sessions of it that PostgreSQL still had after some time
  record End(
      String signal,
      int inFlight,
      int answered,
      int lost,
      String error,
      double noticed,
      int exit,
      double ended,
      int stored,
      int halves,
      int sessions) {}

  @Override
  public String name() {
    return "death";
  }

  @Override
  public int seconds() {
    return 15;
  }

  @Override
  public boolean usesServices() {
    return true;
  }

  @Override
  public Finding run(Site site, Scale scale) throws Exception {
    return tell(measure(site));
  }

  List<End> measure(Site site) throws Exception {
    return List.of(measure(site, "TERM"), measure(site, "KILL"));
  }

  private record Outcome(int status, String error, long at) {}

  private static End measure(Site site, String signal) throws Exception {
    site.progress("SIG" + signal);
    var subject = site.subject();
    var bench = site.bench();
    String token;
    try (var api = new Client(bench.gateway().uri())) {
      token = api.post("/auth/login", null, site.people().client().login()).text("/accessToken");
    }
    try (var owner = DriverManager.getConnection(bench.environment().ownerUrl());
        var look = DriverManager.getConnection(bench.environment().ownerUrl());
        var api = new Client(subject.url())) {
      owner.setAutoCommit(false);
      for (int i = 0; i < WARM; i++) {
        open(api, token, "Lab, before");
      }
      int others = sessions(look) - (int) ownSessions(subject);
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        var end = attempt(subject, signal, api, token, owner, look, others);
        if (end.isPresent()) {
          return end.get();
        }
      }
      throw new StepFailed("a lock is given up before all requests wait for it: too busy here");
    }
  }

  /// Empty when not all requests were waiting soon enough; then nothing has died.
  private static Optional<End> attempt(
      Service subject,
      String signal,
      Client api,
      String token,
      Connection owner,
      Connection look,
      int others)
      throws Exception {
    var title = "Lab " + signal + " " + Long.toString(System.nanoTime(), 36);
    Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    long begin = 0;
    boolean all = false;
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        var lock = owner.createStatement()) {
      lock.execute("lock table workorder.work_order in access exclusive mode");
      for (int i = 0; i < REQUESTS; i++) {
        clients.submit(() -> outcomes.add(open(api, token, title)));
      }
      long deadline = System.nanoTime() + SOON.toNanos();
      while (!all && System.nanoTime() < deadline) {
        all = waiting(look) >= REQUESTS;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      if (all) {
        var end = ProcessHandle.of(subject.pid()).orElseThrow().onExit();
        begin = System.nanoTime();
        subject.signal(signal);
        end.completeOnTimeout(null, HELD.toMillis(), TimeUnit.MILLISECONDS).join();
      }
      owner.rollback(); // lets go of the lock
      clients.shutdown();
      if (!clients.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new StepFailed("requests have no end");
      }
    }
    if (!all) {
      return Optional.empty();
    }
    int exit = awaitExit(subject);
    double ended = (System.nanoTime() - begin) / 1e9;
    long began = begin;
    int sessions = leftSessions(look, others);
    var lost = outcomes.stream().filter(o -> o.status() == 0).toList();
    return Optional.of(
        new End(
            signal,
            REQUESTS,
            (int) outcomes.stream().filter(o -> o.status() == 201).count(),
            lost.size(),
            lost.isEmpty() ? "" : lost.getFirst().error(),
            lost.stream().mapToDouble(o -> (o.at() - began) / 1e9).min().orElse(Double.NaN),
            exit,
            ended,
            count(look, "select count(*) from workorder.work_order where title = '" + title + "'"),
            count(look, HALVES.formatted(title)),
            sessions));
  }

  private static Outcome open(Client api, String token, String title) {
    try {
      var order =
          Map.of(
              "title", title,
              "description", "To see what becomes of it",
              "category", "REPAIR",
              "priority", "P3",
              "zone", "NORTH",
              "address", "Calle 93 # 11-26, Bogota");
      return new Outcome(api.post("/orders", token, order).status(), "", System.nanoTime());
    } catch (UncheckedIOException e) {
      var cause = e.getCause();
      return new Outcome(
          0, cause.getClass().getSimpleName() + ": " + cause.getMessage(), System.nanoTime());
    }
  }

  private static int awaitExit(Service subject) throws Exception {
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            exit.complete(subject.awaitEnd());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return exit.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /// How many of workorder's sessions wait for a lock.
  private static int waiting(Connection look) {
    return count(
        look,
        "select count(*) from pg_stat_activity"
            + " where usename = 'workorder' and wait_event_type = 'Lock' and query ilike '%insert into%'");
  }

  private static int sessions(Connection look) {
    return count(look, "select count(*) from pg_stat_activity where usename = 'workorder'");
  }

  /// How many connections to the database this process has, as it says itself.
  private static double ownSessions(Service subject) {
    return Reading.of(subject.adminUrl()).value("db_client_connection_count");
  }

  /// How many sessions of the process that ended there still are, after 5 s at most.
  private static int leftSessions(Connection look, int others) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    int left;
    do {
      left = Math.max(0, sessions(look) - others);
      if (left > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    } while (left > 0 && System.nanoTime() < deadline);
    return left;
  }

  private static int count(Connection look, String query) {
    try (var select = look.createStatement();
        var rows = select.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new StepFailed("the database does not answer: " + e.getMessage());
    }
  }

  static Finding tell(List<End> ends) {
    var finding =
        Finding.of(
            "signal",
            "flight>",
            "answered>",
            "lost>",
            "noticed>",
            "exit>",
            "ended>",
            "stored>",
            "sessions>");
    for (var end : ends) {
      finding.row(
          "SIG" + end.signal(),
          Quantity.count(end.inFlight()),
          Quantity.count(end.answered()),
          Quantity.count(end.lost()),
          Quantity.seconds(end.noticed()),
          Quantity.count(end.exit()),
          Quantity.seconds(end.ended()),
          Quantity.count(end.stored()),
          Quantity.count(end.sessions()));
    }
    var term = ends.get(0);
    var kill = ends.get(1);
    finding.answer(
        term.answered() == term.inFlight() && term.exit() == 143
            ? "death.answer.term"
            : "death.answer.term.not",
        "flight",
        Quantity.count(term.inFlight()),
        "answered",
        Quantity.count(term.answered()),
        "exit",
        Quantity.count(term.exit()),
        "ended",
        Quantity.seconds(term.ended()),
        "stored",
        Quantity.count(term.stored()));
    finding.answer(
        kill.answered() == 0 && kill.exit() == 137 ? "death.answer.kill" : "death.answer.kill.not",
        "flight",
        Quantity.count(kill.inFlight()),
        "answered",
        Quantity.count(kill.answered()),
        "lost",
        Quantity.count(kill.lost()),
        "error",
        kill.error(),
        "noticed",
        Quantity.seconds(kill.noticed()),
        "exit",
        Quantity.count(kill.exit()),
        "ended",
        Quantity.seconds(kill.ended()));
    finding.answer(
        kill.halves() == 0 && kill.sessions() == 0
            ? "death.answer.whole"
            : "death.answer.whole.not",
        "flight",
        Quantity.count(kill.inFlight()),
        "stored",
        Quantity.count(kill.stored()),
        "halves",
        Quantity.count(kill.halves()),
        "sessions",
        Quantity.count(kill.sessions()));
    return finding.build();
  }
}
