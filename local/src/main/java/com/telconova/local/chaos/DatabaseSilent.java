package com.telconova.local.chaos;

import com.telconova.local.chaos.Traffic.Outcome;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The network swallows everything between the services and PostgreSQL, and says so to nobody. When
/// it is back, it has forgotten the connections that there were.
final class DatabaseSilent implements Scenario {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration HEALED = Duration.ofSeconds(15);
  private static final int PER_SECOND = 20;
  private static final int IN_A_ROW = 12;

  @Override
  public String name() {
    return "database-silent";
  }

  @Override
  public String fault() {
    return "the network to PostgreSQL swallows everything for 60 s";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    var silence = Duration.ofSeconds(scale.of(7, 60));
    var client = lab.silent();
    var token = lab.token(client);
    var title = Lab.title("Silence");
    var order = Lab.expect(201, lab.api().post("/orders", token, Work.order(title, 0)), "create");
    lab.checker().awaitQuiet();
    var requests =
        List.of(
            new Traffic.Request("GET /auth/profile", () -> lab.api().get("/auth/profile", token)),
            new Traffic.Request("GET /orders", () -> lab.api().get("/orders", token)),
            new Traffic.Request(
                "POST /orders", () -> lab.api().post("/orders", token, Work.order(title, 1))),
            new Traffic.Request(
                "GET /tracking/{id}",
                () -> lab.api().get("/tracking/" + order.text("/id"), token)));
    try (var traffic = new Traffic(requests, PER_SECOND, 1)) {
      Condition.await(
          "requests are answered",
          () -> traffic.outcomes().size(),
          count -> count > IN_A_ROW,
          count -> count + " were");
      long silent = System.nanoTime();
      lab.wires().database(Wire::swallow);
      LockSupport.parkNanos(silence.toNanos());
      long back = System.nanoTime();
      lab.wires().database(Wire::mend);
      long healed = awaitHealed(traffic, back);
      var outcomes = traffic.stop();
      // Who asked within a second before the end may have been answered after it.
      var during =
          outcomes.stream()
              .filter(o -> o.began() > silent && o.began() < back - ANSWER.toNanos())
              .toList();
      requireAnswered(outcomes, during);
      lab.checker().awaitQuiet();
      Lab.none(lab.checker().faults());
      lab.forgetLogins(); // whoever comes now meets what nobody has used since
      lab.token(client);
      var slowest = outcomes.stream().map(Outcome::took).max(Duration::compareTo).orElseThrow();
      return "%d s of silence: %,d requests answered with 503, the slowest after %.1f s; all well %.1f s after"
          .formatted(silence.toSeconds(), during.size(), slowest.toMillis() / 1e3, healed / 1e3);
    }
  }

  /// Milliseconds until so many requests in a row, of each kind some, were answered well.
  private static long awaitHealed(Traffic traffic, long back) {
    Condition.await(
        "all requests are answered well again",
        HEALED,
        () -> traffic.outcomes().stream().filter(o -> o.began() > back).toList(),
        DatabaseSilent::isHealed,
        outcomes -> outcomes.isEmpty() ? "no answers" : outcomes.getLast());
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back);
  }

  private static boolean isHealed(List<Outcome> outcomes) {
    int count = outcomes.size();
    return count >= IN_A_ROW
        && outcomes.subList(count - IN_A_ROW, count).stream().noneMatch(Outcome::isFailure);
  }

  private static void requireAnswered(List<Outcome> all, List<Outcome> during) {
    for (var outcome : all) {
      if (outcome.took().compareTo(ANSWER) > 0) {
        throw new StepFailed("not within 5 s: " + outcome);
      }
    }
    for (var outcome : during) {
      if (outcome.status() != 503) {
        throw new StepFailed("not 503: " + outcome);
      }
    }
    if (during.isEmpty()) {
      throw new StepFailed("nobody asked during the silence");
    }
  }
}
