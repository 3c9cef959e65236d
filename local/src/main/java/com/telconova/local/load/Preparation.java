package com.telconova.local.load;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.demo.Story;
import com.telconova.local.people.Person;
import com.telconova.local.workbench.StartFailed;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the people and the orders that a run needs, through the API, and keeps them logged in
/// until it is closed.
final class Preparation implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Preparation.class);
  private static final int AT_ONCE = 4;
  private static final int CLIENTS = 12;
  private static final int SUPERVISORS = 2;
  private static final int TECHNICIANS = 8;
  private static final int MAX_HOLDERS = 32;
  private static final int SEEN = 300;
  private static final int FIELD = 96;
  private static final int MAX_FIELD = 600;
  private static final int FILES_AN_ORDER = 20;
  private static final int CLOSED_RATE = 200; // a second, a guess
  private static final int FEW = 16;
  private static final int TRIES = 5;
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Stock stock;
  private final Client auth;
  private final Client workorder;
  private final Person admin;
  private final String run = random(4);
  private final Collection<Caller> callers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Thread keeper;
  private String adminToken;
  private int people;

  Preparation(Target target, Stock stock) {
    this.stock = stock;
    auth = new Client(target.preparation().get("auth"));
    workorder = new Client(target.preparation().get("workorder"));
    admin = new Person("Load", "ADMIN", target.adminEmail(), target.adminPassword(), "en");
  }

  /// Makes what is missing for such a run.
  ///
  /// @throws StartFailed when something is refused
  void prepare(Profile profile) throws InterruptedException {
    var mix = profile.mix();
    // A token of the administrator's may be older than it counts.
    adminToken =
        expect(200, () -> auth.post("/auth/login", null, admin.login()), "log in as " + admin)
            .text("/accessToken");
    boolean field = mix.has(Operation.UPDATE) || mix.has(Operation.EVIDENCE);
    int enough = enough(profile);
    people(stock.clients, few(CLIENTS, profile), "CLIENT", caller -> caller);
    people(stock.supervisors, SUPERVISORS, "SUPERVISOR", caller -> caller);
    orders(stock.seen, Math.min(SEEN, enough), null);
    if (field || mix.has(Operation.ASSIGN)) {
      people(stock.technicians, few(TECHNICIANS, profile), "TECHNICIAN", Preparation::technician);
    }
    if (field) {
      orders(stock.field, Math.min(FIELD, enough), stock.technicians);
    }
    if (mix.has(Operation.EVIDENCE)) {
      int missing = Math.max(0, uploads(profile) - stock.roomForPhotos()) / FILES_AN_ORDER + 1;
      orders(stock.field, Math.min(MAX_FIELD, stock.field.size() + missing), stock.technicians);
    }
    if (mix.has(Operation.ASSIGN)) {
      int atOnce = Math.min(profile.arrival().atOnce(), MAX_FIELD);
      orders(stock.passed, Math.min(FIELD + atOnce, enough), stock.technicians);
    }
    if (mix.has(Operation.STATUS)) {
      int holders = Math.min(profile.arrival().atOnce(), MAX_HOLDERS);
      var theirs = new ArrayList<Job.Technician>();
      people(theirs, holders - stock.held.size(), "TECHNICIAN", Preparation::technician);
      orders(stock.held, holders, theirs);
    }
    if (keeper == null) {
      keeper = Thread.ofVirtual().name("load-tokens").start(this::keep);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    auth.close();
    workorder.close();
  }

  // Orders of a kind: a short run needs few of them.
  private static int enough(Profile profile) {
    return (int) Math.clamp(requests(profile) / 4, FEW, 1_000_000.0);
  }

  // People, of whom each costs two password hashes.
  private static int few(int usual, Profile profile) {
    return (int) Math.clamp(requests(profile) / 30, 3.0, usual);
  }

  private static int uploads(Profile profile) {
    double share = (double) profile.mix().weights().get(Operation.EVIDENCE) / profile.mix().sum();
    return (int) Math.min(1_000_000, share * requests(profile));
  }

  private static double requests(Profile profile) {
    double perSecond =
        profile.arrival() instanceof Arrival.Open open ? open.perSecond() : CLOSED_RATE;
    return perSecond * (profile.warmUp().plus(profile.duration()).toSeconds() + 1);
  }

  private static Job.Technician technician(Caller caller) {
    var body = Map.of("technicianId", caller.userId, "reason", "Balances the day");
    return new Job.Technician(caller, Stock.json(body));
  }

  private <T> void people(
      List<T> all, int wanted, String role, java.util.function.Function<Caller, T> as)
      throws InterruptedException {
    int first = people;
    people += Math.max(0, wanted - all.size());
    all.addAll(sideBySide(wanted - all.size(), i -> as.apply(person(role, first + i))));
  }

  private Caller person(String role, int number) {
    var person =
        new Person(
            "Load " + number,
            role,
            "load-" + run + "-" + number + "@load.example",
            random(12),
            "en");
    var made =
        expect(201, () -> auth.post("/users", adminToken, person.creation()), "create " + person);
    var caller =
        new Caller(person.email(), person.password(), made.text("/id"), Stock.json(person.login()));
    logIn(caller);
    callers.add(caller);
    return caller;
  }

  private void logIn(Caller caller) {
    var body = Map.of("email", caller.email, "password", caller.password);
    receive(
        caller,
        expect(200, () -> auth.post("/auth/login", null, body), "log in as " + caller.email));
  }

  private static void receive(Caller caller, Answer tokens) {
    long seconds = Long.parseLong(tokens.text("/expiresIn"));
    caller.receive(
        tokens.text("/accessToken"),
        tokens.text("/refreshToken"),
        TimeUnit.SECONDS.toNanos(seconds));
  }

  // With technicians: given to them, in turn.
  private void orders(List<Job> jobs, int wanted, List<Job.Technician> technicians)
      throws InterruptedException {
    jobs.addAll(
        sideBySide(
            wanted - jobs.size(),
            i -> {
              var client = stock.clients.get(i % stock.clients.size());
              var order =
                  expect(
                      201,
                      () -> workorder.post("/orders", client.token(), Story.ORDER),
                      "create an order");
              var job = new Job(order.text("/id"), client);
              if (technicians != null) {
                assign(job, technicians.get(i % technicians.size()));
              }
              return job;
            }));
  }

  private void assign(Job job, Job.Technician technician) {
    var supervisor = stock.supervisors.getFirst();
    var body = Map.of("technicianId", technician.caller.userId, "reason", "Balances the day");
    expect(
        200,
        () -> workorder.post("/orders/" + job.id + "/assign", supervisor.token(), body),
        "assign an order");
    job.technician = technician;
  }

  // Half-way through its life each token is exchanged, one after the other.
  private void keep() {
    try {
      while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        callers.stream().filter(Caller::isDue).findFirst().ifPresent(this::renew);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(Caller caller) {
    try {
      var answer = auth.post("/auth/refresh", null, Map.of("refreshToken", caller.refreshToken()));
      if (answer.status() == 200) {
        receive(caller, answer);
      } else {
        logIn(caller);
      }
    } catch (UncheckedIOException | StartFailed e) {
      log.warn("the tokens of {} could not be renewed", caller.email, e);
    }
  }

  private static <T> List<T> sideBySide(int count, IntFunction<T> make)
      throws InterruptedException {
    var results = new ArrayList<T>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var running = new ArrayList<Future<T>>();
      for (int i = 0; i < count; i++) {
        int number = i;
        Callable<T> one = () -> make.apply(number);
        running.add(threads.submit(one));
      }
      try {
        for (var one : running) {
          results.add(one.get());
        }
        return results;
      } finally {
        threads.shutdownNow(); // after the first that failed the others are of no use
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  // A machine that is busy asks to come again.
  private static Answer expect(int status, Supplier<Answer> call, String what) {
    var answer = ask(call, what);
    for (int tries = 1; answer.status() == 503 && tries < TRIES; tries++) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      answer = ask(call, what);
    }
    if (answer.status() != status) {
      throw new StartFailed(
          "could not %s: %d instead of %d, %s"
              .formatted(what, answer.status(), status, answer.problem()));
    }
    return answer;
  }

  private static Answer ask(Supplier<Answer> call, String what) {
    try {
      return call.get();
    } catch (UncheckedIOException e) {
      throw new StartFailed("could not " + what + ": " + e.getMessage());
    }
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
