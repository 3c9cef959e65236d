package com.telconova.local.image;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.demo.Story;
import com.telconova.local.people.People;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Workbench;
import java.time.Duration;
import java.util.Map;

/// What the services do while their JVMs take notes: one order's whole life, with everything that
/// the demo shows, and then the commonest requests again and again, so that every class that a
/// day's work needs has been there.
final class Training {
  private static final int ROUNDS = 150;
  private static final Duration EXIT_TIME = Duration.ofMinutes(3);

  private Training() {}

  /// Works, and stops the services in order.
  ///
  /// @throws StepFailed at the first answer that is not as it must
  static void run(Workbench bench, Terminal terminal) throws Exception {
    var people = Story.tell(bench, Terminal.silent());
    terminal.step(
        "commonest", ROUNDS + " times: create, read, list, timeline", () -> repeat(bench, people));
    for (var service : bench.services()) {
      terminal.step(
          service.label(),
          "stops, and its JVM writes its cache",
          () -> {
            service.stop(EXIT_TIME);
            return null;
          });
    }
  }

  private static Void repeat(Workbench bench, People people) {
    try (var api = new Client(bench.gateway().uri())) {
      var client = token(api, people.client().login());
      var supervisor = token(api, people.supervisor().login());
      for (int i = 0; i < ROUNDS; i++) {
        var order = expect(201, api.post("/orders", client, Story.ORDER)).text("/id");
        expect(200, api.get("/orders/" + order, client));
        expect(200, api.get("/orders?status=CREATED&limit=20", supervisor));
        expect(200, api.get("/tracking/" + order, client));
      }
      bench
          .services()
          .forEach(service -> {
            try (var admin = new Client(service.adminUrl())) {
              admin.text("/metrics");
            }
          });
    }
    return null;
  }

  private static String token(Client api, Map<String, ?> login) {
    return expect(200, api.post("/auth/login", null, login)).text("/accessToken");
  }

  private static Answer expect(int status, Answer answer) {
    if (answer.status() != status) {
      throw new StepFailed(
          "%d instead of %d, %s".formatted(answer.status(), status, answer.problem()));
    }
    return answer;
  }
}
