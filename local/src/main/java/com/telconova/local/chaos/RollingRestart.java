package com.telconova.local.chaos;

import static java.util.stream.Collectors.toList;

import com.telconova.local.api.Answer;
import com.telconova.local.chaos.Traffic.Outcome;
import com.telconova.local.gateway.Backend;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Topology;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Each instance of each service is stopped and started again, one after another, as a deployment
/// does, while clients go on.
final class RollingRestart implements Scenario {
  @Override
  public String name() {
    return "rolling-restart";
  }

  @Override
  public String fault() {
    return "two instances of each service, restarted in turn at 200 requests/s";
  }

  @Override
  public int instances() {
    return 2;
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int perSecond = scale.of(25, 200);
    int restarts = 0;
    List<Outcome> outcomes;
    var order = create(lab, 0);
    lab.checker().awaitQuiet();
    // On a machine that builds something meanwhile, a client comes again when it is asked to.
    int tries = scale.of(5, 1);
    try (var traffic = new Traffic(requests(lab, order), perSecond, tries)) {
      Condition.await(
          "requests are answered",
          () -> traffic.outcomes().size(),
          count -> count > perSecond,
          count -> count + " were");
      for (var name : Topology.SERVICES) {
        for (int instance = 1; instance <= scale.of(1, 2); instance++) {
          var service = lab.bench().service(name, instance);
          service.signal("TERM");
          service.awaitEnd();
          lab.revive(service);
          restarts++;
          // A deployment goes on when the new one has taken over its whole share.
          LockSupport.parkNanos(scale.of(0, (int) Backend.SLOW_START.toMillis()) * 1_000_000L);
          lab.progress("%d restarts, %,d requests", restarts, traffic.outcomes().size());
        }
      }
      outcomes = traffic.stop();
    }
    var failed = outcomes.stream().filter(Outcome::isFailure).toList();
    if (!failed.isEmpty()) {
      throw new StepFailed(
          "%d of %,d requests failed, in %d different seconds: %s"
              .formatted(failed.size(), outcomes.size(), seconds(failed), kinds(failed)));
    }
    lab.checker().awaitQuiet();
    Lab.none(lab.checker().faults());
    return "%d restarts at %d requests/s: 0 of %,d requests failed"
        .formatted(restarts, perSecond, outcomes.size());
  }

  private static long seconds(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(outcome -> TimeUnit.NANOSECONDS.toSeconds(outcome.began()))
        .distinct()
        .count();
  }

  /// How many failed in which way, and one of each.
  private static String kinds(List<Outcome> failed) {
    return failed.stream()
        .collect(Collectors.groupingBy(o -> o.name() + " " + o.status(), TreeMap::new, toList()))
        .values()
        .stream()
        .map(some -> "%d like %s".formatted(some.size(), some.getFirst()))
        .collect(Collectors.joining("; "));
  }

  private static List<Traffic.Request> requests(Lab lab, String order) {
    return List.of(
        get(lab, "/orders/" + order),
        get(lab, "/auth/profile"),
        get(lab, "/orders?limit=5"),
        get(lab, "/tracking/" + order),
        new Traffic.Request("POST /orders", () -> post(lab, 1)));
  }

  private static Traffic.Request get(Lab lab, String path) {
    return new Traffic.Request("GET " + path, () -> lab.api().get(path, lab.token(lab.silent())));
  }

  private static String create(Lab lab, int number) {
    return Lab.expect(201, post(lab, number), "create").text("/id");
  }

  private static Answer post(Lab lab, int number) {
    return lab.api()
        .post("/orders", lab.token(lab.silent()), Work.order(Lab.title("Rolling"), number));
  }
}
