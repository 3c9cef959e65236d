package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Fifty requests at the same moment, again and again, of which one may have an effect.
/// `-Dmicroflow.rounds=full` runs them as often as they are promised.
final class RaceIT {
  private static final int CROWD = 50;

  private static final String ORDER =
      """
      {"title": "No internet", "description": "Since noon", "category": "REPAIR",
       "priority": "P3", "zone": "BOG", "address": "Calle 100 # 8-60"}
      """;

  private static WorkorderFixture fixture;
  private static Api api;

  /// Answers 503, which say to try again.
  private final AtomicInteger refused = new AtomicInteger();

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start();
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void of_fifty_changes_made_on_one_version_one_is_made() throws Exception {
    int rounds = Rounds.of(10, 1_000);
    UUID ana = fixture.knownTechnician();
    String id = fixture.assigned(ana);
    api.put(
        "/orders/" + id + "/status",
        fixture.tokens.issue(ana, Role.TECHNICIAN),
        "{\"status\": \"IN_PROGRESS\"}");
    TreeMap<Integer, Integer> statuses = new TreeMap<>();
    int version = 3;
    int events = fixture.events(id).size();
    boolean rests = false;
    long begin = System.nanoTime();

    for (int round = 0; round < rounds; round++) {
      String supervisor = fixture.token(Role.SUPERVISOR);
      String tag = "\"" + version + "\"";
      boolean edits = round % 2 == 0;
      String move =
          rests
              ? "{\"status\": \"IN_PROGRESS\"}"
              : "{\"status\": \"ON_HOLD\", \"reasonCode\": \"ACCESS\"}";

      List<Api.Answer> answers =
          together(number ->
              edits
                  ? api.put("/orders/" + id, supervisor, edit(number), "If-Match", tag)
                  : api.put("/orders/" + id + "/status", supervisor, move, "If-Match", tag));

      version++;
      rests = edits ? rests : !rests;
      events += edits ? 0 : 1; // what is asked for changes in silence
      answers.forEach(answer -> statuses.merge(answer.status(), 1, Integer::sum));
      Api.Answer winner = answers.stream().filter(a -> a.status() == 200).findFirst().orElseThrow();
      assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(CROWD - 1);
      assertThat(winner.header("ETag")).isEqualTo("\"" + version + "\"");
      assertThat(api.get("/orders/" + id, supervisor).body()).isEqualTo(winner.body());
      assertThat(count("order_history where order_id", id)).isEqualTo(version);
      assertThat(fixture.events(id)).hasSize(events);
    }

    System.out.printf(
        "%d If-Match PUTs at once on one order, %d rounds, %d s: %s, refused with 503 and sent again %d%n",
        CROWD, rounds, seconds(begin), statuses, refused.get());
    assertThat(statuses).isEqualTo(new TreeMap<>(Map.of(200, rounds, 412, 49 * rounds)));
  }

  @Test
  void an_order_that_is_sent_fifty_times_at_once_under_one_key_is_opened_once() throws Exception {
    int rounds = Rounds.of(10, 500);
    UUID client = UUID.randomUUID();
    TreeMap<Integer, Integer> statuses = new TreeMap<>();
    long begin = System.nanoTime();

    for (int round = 0; round < rounds; round++) {
      String token = fixture.tokens.issue(client, Role.CLIENT);
      String key = "race-" + round;

      List<Api.Answer> answers =
          together(_ -> api.post("/orders", token, ORDER, "Idempotency-Key", key));

      answers.forEach(answer -> statuses.merge(answer.status(), 1, Integer::sum));
      Api.Answer later = api.post("/orders", token, ORDER, "Idempotency-Key", key);
      assertThat(later.status()).isEqualTo(201);
      assertThat(answers).extracting(Api.Answer::status).contains(201);
      for (Api.Answer answer : answers) {
        if (answer.status() == 201) {
          assertThat(answer.response().body()).isEqualTo(later.response().body());
        } else {
          assertThat(answer.status()).isEqualTo(409);
          assertThat(answer.text("/detail")).contains("still");
        }
      }
      assertThat(fixture.events(later.text("/id"))).containsExactly("order.created");
    }

    int orders = count("work_order where customer_id", client.toString());
    System.out.printf(
        "%d POSTs at once under one Idempotency-Key, %d keys, %d s: %d orders, %s, refused with 503 and sent again %d%n",
        CROWD, rounds, seconds(begin), orders, statuses, refused.get());
    assertThat(orders).isEqualTo(rounds);
  }

  /// All begin when the last has come.
  private List<Api.Answer> together(IntFunction<Api.Answer> request) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(CROWD);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Api.Answer>> calls =
          IntStream.range(0, CROWD)
              .mapToObj(number ->
                  (Callable<Api.Answer>)
                      () -> {
                        barrier.await();
                        Api.Answer answer = request.apply(number);
                        while (answer.status() == 503) {
                          refused.incrementAndGet();
                          answer = request.apply(number);
                        }
                        return answer;
                      })
              .toList();
      return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
    }
  }

  /// Never what anybody asked for before: what changes nothing is no change.
  private static String edit(int number) {
    return """
    {"title": "No internet", "description": "As seen by %s", "priority": "P3", "zone": "BOG",
     "address": "Calle %d # 8-60"}
    """
        .formatted(UUID.randomUUID(), number);
  }

  private static int count(String rows, String id) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select count(*) from workorder." + rows + " = ?::uuid")
            .bind(0, id)
            .mapTo(Integer.class)
            .one());
  }

  private static long seconds(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
  }
}
