package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import io.javalin.http.Context;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OverloadIT {
  private static final int REQUESTS = 1_000;

  private record Answer(String head, long millis) {}

  @Test
  void who_cannot_be_served_hears_so_within_a_second_or_two_and_nothing_else_happens()
      throws Exception {
    Bench bench = Bench.get();
    DatabaseConfig config =
        new DatabaseConfig(bench.databaseUrl(), "workorder", new Secret(bench.password()), 10, 2);
    try (Database database = Database.open(config, new CollectorRegistry());
        House house =
            new House(routes -> routes.get("/", ctx -> work(database, ctx), Role.ANYONE));
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Answer>> asked = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        Callable<Answer> request = () -> ask(house, start);
        asked.add(clients.submit(request));
      }

      start.countDown();

      Map<String, Integer> answers = new TreeMap<>();
      long slowest = 0;
      for (Future<Answer> one : asked) {
        Answer answer = one.get();
        answers.merge(answer.head().substring(9, 12), 1, Integer::sum);
        slowest = Math.max(slowest, answer.millis());
        if (answer.head().startsWith("HTTP/1.1 503")) {
          assertThat(answer.head()).contains("\r\nRetry-After: 1\r\n").contains("problem+json");
        }
      }
      System.out.printf(
          "%d requests at once for 10 connections: %s, slowest %d ms%n",
          REQUESTS, answers, slowest);
      assertThat(answers).containsOnlyKeys("200", "503");
      assertThat(answers.get("200")).isGreaterThanOrEqualTo(10);
      assertThat(slowest).isLessThan(5_000);
    }
  }

  private static void work(Database database, Context ctx) {
    database.useTransaction(handle -> handle.execute("select pg_sleep(0.05)"));
    ctx.json(Map.of("served", true));
  }

  private static Answer ask(House house, CountDownLatch start) throws InterruptedException {
    try (House.Wire wire = house.wire()) {
      start.await();
      long before = System.nanoTime();
      wire.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      String answer = wire.readAnswer();
      return new Answer(answer, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
    }
  }
}
