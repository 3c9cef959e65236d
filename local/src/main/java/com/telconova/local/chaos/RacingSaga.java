package com.telconova.local.chaos;

import com.telconova.local.people.Person;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// A technician completes an order in tracking at the moment at which a supervisor cancels it in
/// workorder.
final class RacingSaga implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  // As long as an event takes from tracking to workorder, now and then longer.
  private static final long HEAD_START = Duration.ofMillis(500).toNanos();

  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger toldAtOnce = new AtomicInteger();

  @Override
  public String name() {
    return "racing-saga";
  }

  @Override
  public String fault() {
    return "complete (tracking) and cancel (workorder) race, 1,000 times";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int races = scale.of(16, 1_000);
    int technicians = scale.of(4, 10);
    var title = Lab.title("Raced");
    var crew = crew(lab, technicians);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var runs =
          crew.stream()
              .map(one ->
                  (Callable<Void>)
                      () -> {
                        for (int i = 0; i < races / technicians; i++) {
                          race(lab, title, one);
                          lab.progress("%,d of %,d races", done.incrementAndGet(), races);
                        }
                        return null;
                      })
              .toList();
      for (var run : threads.invokeAll(runs)) {
        run.get();
      }
    }
    lab.checker().awaitQuiet(PATIENCE);
    Lab.none(lab.checker().faults());
    return verdict(lab, title, races / technicians * technicians);
  }

  private static List<Person> crew(Lab lab, int technicians) {
    var suffix = Lab.title("").strip();
    var crew =
        IntStream.rangeClosed(1, technicians)
            .mapToObj(n ->
                new Person(
                    "Tomas Vela " + n,
                    "TECHNICIAN",
                    "tomas-" + n + "-" + suffix + "@telconova.example",
                    lab.bench().environment().newPassword(),
                    "es"))
            .toList();
    var admin = lab.token(lab.people().admin());
    for (var one : crew) {
      Lab.expect(201, lab.api().post("/users", admin, one.creation()), "create " + one);
    }
    lab.checker().awaitQuiet();
    return crew;
  }

  private void race(Lab lab, String title, Person technician) throws InterruptedException {
    var supervisor = lab.people().supervisor();
    var api = lab.api();
    var id =
        Lab.expect(
                201,
                api.post("/orders", lab.token(lab.silent()), Work.order(title, 0)),
                "create an order")
            .text("/id");
    Lab.expect(
        200,
        api.post(
            "/orders/" + id + "/assign",
            lab.token(supervisor),
            Map.of("technicianId", lab.id(technician), "reason", "Nobody else is there")),
        "assign it");
    var update = "/tracking/" + id + "/update";
    Lab.expect(
        201,
        api.post(update, lab.token(technician), Map.of("kind", "WORK_STARTED")),
        "start to work");
    Condition.await(
        "the work has begun",
        () -> api.get("/orders/" + id, lab.token(supervisor)).text("/status"),
        "IN_PROGRESS"::equals,
        status -> status);
    var completion =
        Thread.startVirtualThread(() -> {
          var answer = api.post(update, lab.token(technician), Work.completion());
          if (answer.status() != 201) {
            toldAtOnce.incrementAndGet();
            Lab.expect(409, answer, "complete it");
          }
        });
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(HEAD_START));
    var cancel = Map.of("status", "CANCELLED", "reason", "The customer called");
    var cancelled = api.put("/orders/" + id + "/status", lab.token(supervisor), cancel);
    if (cancelled.status() != 200) {
      Lab.expect(409, cancelled, "cancel it");
    }
    completion.join();
  }

  private String verdict(Lab lab, String title, int races) {
    var checker = lab.checker();
    var ours = "workorder.work_order o where o.title = '" + title + "'";
    long completed = checker.count("select count(*) from " + ours + " and status = 'COMPLETED'");
    long cancelled = checker.count("select count(*) from " + ours + " and status = 'CANCELLED'");
    long refused =
        checker.count(
            "select count(*) from "
                + ours
                + " and status = 'CANCELLED' and exists ("
                + entry("order.transition_refused")
                + ")");
    long unexplained =
        checker.count(
            "select count(*) from "
                + ours
                + " and ((status = 'CANCELLED' and exists ("
                + entry("tracking.work_completed")
                + ") and not exists ("
                + entry("order.transition_refused")
                + "))"
                + " or not exists ("
                + entry("order.completed")
                + " union all "
                + entry("order.cancelled")
                + "))");
    if (completed + cancelled != races
        || unexplained > 0
        || toldAtOnce.get() + refused > cancelled) {
      throw new StepFailed(
          "of %d races %d were completed and %d cancelled; %d are not explained"
              .formatted(races, completed, cancelled, unexplained));
    }
    return "%,d races: %,d completed, %,d cancelled (%,d with the refusal on the timeline, %,d told at once); both services agree on all"
        .formatted(races, completed, cancelled, refused, toldAtOnce.get());
  }

  private static String entry(String type) {
    return "select 1 from tracking.timeline_entry e where e.order_id = o.id and e.type = '"
        + type
        + "'";
  }
}
