package com.telconova.local.chaos;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.image.ImageTrees;
import com.telconova.local.people.People;
import com.telconova.local.people.Person;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.Service;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/// The system on this machine, as `up` starts it, with wires that can be cut between the processes
/// and places at which they can be made to die.
final class Lab implements AutoCloseable {
  // An access token lives for five minutes.
  private static final long TOKEN_AGE = Duration.ofMinutes(4).toNanos();

  private final Workbench bench;
  private final Wires wires;
  private final CrashPoints crashPoints;
  private final People people;
  private final Person silent;
  private final Client api;
  private final Checker checker;
  private final Map<Person, Login> logins = new ConcurrentHashMap<>();
  private volatile String progress = "";

  private record Login(Answer answer, long since) {}

  private Lab(Workbench bench, Wires wires, CrashPoints crashPoints) throws Exception {
    this.bench = bench;
    this.wires = bench.opened(wires);
    this.crashPoints = crashPoints;
    this.people = People.with(bench.environment());
    this.silent =
        new Person(
            "Silvia Mora",
            "CLIENT",
            "silvia@home.example",
            bench.environment().newPassword(),
            "es");
    this.api = bench.opened(new Client(bench.gateway().uri()));
    this.checker = bench.opened(new Checker(this));
  }

  /// Starts everything, with somebody of each role.
  ///
  /// @param instances of each service, 1 or 2
  static Lab start(Checkout checkout, Terminal terminal, OptionalInt portOffset, int instances)
      throws Exception {
    var folder = checkout.folder().resolve("chaos");
    Checkout.delete(folder);
    var crashPoints = new CrashPoints(folder);
    // What is deployed starts from its image, where there is one of this build.
    var trees = ImageTrees.of(checkout);
    var images =
        instances > 1 && trees.areCurrent(checkout)
            ? Optional.of(trees)
            : Optional.<ImageTrees>empty();
    var wires = new Wires(crashPoints, images);
    var bench = Workbench.start(checkout, terminal, new Plan(portOffset, instances, wires));
    try {
      bench.opened(() -> Checkout.delete(folder));
      var lab = new Lab(bench, wires, crashPoints);
      lab.people.register(lab.api);
      lab.registerSilent();
      lab.checker.awaitQuiet();
      return lab;
    } catch (Exception e) {
      bench.close();
      throw e;
    }
  }

  Workbench bench() {
    return bench;
  }

  Wires wires() {
    return wires;
  }

  CrashPoints crashPoints() {
    return crashPoints;
  }

  Checker checker() {
    return checker;
  }

  People people() {
    return people;
  }

  /// The gateway.
  Client api() {
    return api;
  }

  /// The first instance of a service.
  Service service(String name) {
    return bench.service(name, 1);
  }

  /// A client who wants no mail: for thousands of orders.
  Person silent() {
    return silent;
  }

  /// A number that a process tells of itself now: the sum of all series that begin like this.
  double metric(Service service, String series) {
    try (var metrics = new Client(service.adminUrl())) {
      return metrics
          .text("/metrics")
          .lines()
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }

  /// An access token with some time to live.
  String token(Person person) {
    return login(person).text("/accessToken");
  }

  /// Has everybody log in again.
  void forgetLogins() {
    logins.clear();
  }

  /// Their account's id.
  String id(Person person) {
    return login(person).text("/user/id");
  }

  /// Says how far a scenario is.
  void progress(String text, Object... arguments) {
    progress = text.formatted(arguments);
  }

  String progress() {
    return progress;
  }

  /// An answer that must have this status.
  static Answer expect(int status, Answer answer, String what) {
    if (answer.status() != status) {
      throw new StepFailed(
          "%s: %d instead of %d, %s".formatted(what, answer.status(), status, answer.problem()));
    }
    return answer;
  }

  /// Has the database refuse what tracking writes of an order, until this is closed.
  ///
  /// @param change `insert` or `update` of `participant_order`
  /// @param condition on `new` and, for an update, `old`
  Refusal refuse(String change, String condition) throws SQLException {
    alterDatabase(
        """
        create function tracking.chaos() returns trigger language plpgsql as $$
        begin
          if %s then
            raise exception 'refused by the laboratory';
          end if;
          return new;
        end $$;
        create trigger chaos before %s on tracking.participant_order
          for each row execute function tracking.chaos();
        """
            .formatted(condition, change));
    return () -> alterDatabase("drop function tracking.chaos() cascade");
  }

  /// Ends what the database refuses.
  interface Refusal extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  private void alterDatabase(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(bench.environment().ownerUrl());
        var update = connection.createStatement()) {
      update.execute(statement);
    }
  }

  /// A title that no other order has.
  static String title(String what) {
    return what + " " + Long.toString(System.nanoTime(), 36);
  }

  /// Starts a process again that has ended, and waits until it takes work.
  void revive(Service service) {
    service.restart();
    service.awaitReady();
  }

  /// Fails when there is anything in the list.
  static void none(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new StepFailed(String.join("; ", faults));
    }
  }

  @Override
  public void close() {
    bench.close();
  }

  private void registerSilent() {
    expect(201, api.post("/auth/register", null, silent.registration()), "register " + silent);
    var profile =
        Map.of("name", silent.name(), "notificationPreferences", Map.of("channels", List.of()));
    expect(200, api.put("/auth/profile", token(silent), profile), "profile of " + silent);
  }

  private Answer login(Person person) {
    return logins
        .compute(
            person,
            (_, known) -> {
              if (known != null && System.nanoTime() - known.since() < TOKEN_AGE) {
                return known;
              }
              var answer = api.post("/auth/login", null, person.login());
              return new Login(expect(200, answer, "login of " + person), System.nanoTime());
            })
        .answer();
  }
}
