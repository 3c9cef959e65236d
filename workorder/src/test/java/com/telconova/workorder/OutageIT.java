package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.event.Event;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Lifeline;
import com.telconova.shared.testing.PostgresServer;
import com.telconova.shared.token.Role;
import com.telconova.sql.Config;
import com.telconova.sql.Migrations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the service stands on goes away and comes back.
final class OutageIT {
  private static final int WRITERS = 4;

  @Test
  void a_database_that_restarts_costs_some_503_and_nothing_else() throws Exception {
    Checkout checkout = Checkout.find();
    Path folder = checkout.scratch("restart");
    try (Lifeline lifeline = Lifeline.open();
        PostgresServer postgres =
            PostgresServer.start(
                checkout, folder, PostgresServer.Durability.COMMITS_ARE_KEPT, lifeline)) {
      migrate(postgres);
      Map<String, String> there = Map.of("DATABASE_URL", postgres.url("microflow"));
      try (WorkorderFixture fixture =
              WorkorderFixture.start(postgres.adminUrl("microflow"), there);
          Api admin = new Api(fixture.app.adminPort());
          Writers writers = new Writers(fixture)) {
        await().until(() -> writers.opened.size() >= 20);
        List<Event> events = new ArrayList<>(List.of(ended(fixture), ended(fixture)));

        postgres.stop();

        await().until(() -> ready(admin) == 503);
        for (int i = 0; i < 5; i++) {
          events.add(ended(fixture));
        }
        writers.awaitAnswers(503, 8);
        assertThat(admin.get("/health/live", null).status()).isEqualTo(200);
        long stopped = System.nanoTime();
        postgres.startAgain();

        await().atMost(Duration.ofSeconds(10)).until(() -> ready(admin) == 200);
        writers.awaitAnswers(201, writers.count(201) + 20);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stopped);
        writers.stop();

        events.forEach(event ->
            await().atMost(Duration.ofSeconds(30)).until(() -> processed(fixture, event) == 1));
        await().atMost(Duration.ofSeconds(30)).until(() -> unsent(fixture) == 0);
        System.out.printf(
            "PostgreSQL restarted under %d writers: answers %s, slowest %d ms, served again %d s after"
                + " its start began%n",
            WRITERS, writers.answers, writers.slowestMillis.get(), seconds);
        assertThat(writers.answers).containsOnlyKeys(201, 503);
        assertThat(writers.slowestMillis).hasValueLessThan(4_000);
        assertThat(known(fixture, writers.opened)).isEqualTo(writers.opened.size());
      }
    } finally {
      Checkout.delete(folder);
    }
  }

  @Test
  void not_ready_before_auth_gave_its_keys_and_ready_from_then_on_whatever_becomes_of_it()
      throws Exception {
    int port = freePort();
    Map<String, String> nobody = Map.of("JWKS_URL", "http://127.0.0.1:" + port + "/keys");
    try (WorkorderFixture fixture = WorkorderFixture.start(Bench.get().adminUrl(), nobody);
        Api admin = new Api(fixture.app.adminPort())) {
      assertThat(admin.get("/health/ready", null).body().at("/faults/keys").asText())
          .isEqualTo("auth has not given its keys yet");
      assertThat(fixture.api.get("/orders", fixture.token(Role.CLIENT)).status()).isEqualTo(503);

      HttpServer auth = publishKeys(fixture, port);
      await().until(() -> ready(admin) == 200);
      auth.stop(0);

      assertThat(ready(admin)).isEqualTo(200);
      assertThat(fixture.api.get("/orders", fixture.token(Role.CLIENT)).status()).isEqualTo(200);
    }
  }

  private static int ready(Api admin) {
    return admin.get("/health/ready", null).status();
  }

  private static Event ended(WorkorderFixture fixture) {
    return fixture.publish(
        "auth",
        "session.invalidated",
        UUID.randomUUID(),
        1,
        "{\"userId\": \"%s\", \"reason\": \"LOGOUT\"}".formatted(UUID.randomUUID()));
  }

  private static int processed(WorkorderFixture fixture, Event event) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select count(*) from workorder.processed where event_id = ?")
            .bind(0, event.id())
            .mapTo(int.class)
            .one());
  }

  private static int unsent(WorkorderFixture fixture) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select count(*) from workorder.outbox where sent_at is null")
            .mapTo(int.class)
            .one());
  }

  private static int known(WorkorderFixture fixture, Queue<String> orders) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select count(*) from workorder.work_order where id::text in (<ids>)")
            .bindList("ids", List.copyOf(orders))
            .mapTo(int.class)
            .one());
  }

  private static void migrate(PostgresServer postgres) throws Exception {
    postgres.createDatabase("microflow");
    Map<String, String> passwords =
        Migrations.SERVICES.stream()
            .collect(Collectors.toMap(service -> service, _ -> Bench.get().password()));
    Migrations.apply(
        new Config(
            postgres.url("microflow"), postgres.adminUser(), postgres.adminPassword(), passwords));
  }

  private static HttpServer publishKeys(WorkorderFixture fixture, int port) throws Exception {
    URI source = fixture.tokens.jwksUrl();
    byte[] keys;
    try (var in = source.toURL().openStream()) {
      keys = in.readAllBytes();
    }
    HttpServer auth =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    auth.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
    auth.start();
    return auth;
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Open orders all the time, and remember what they hear.
  private static final class Writers implements AutoCloseable {
    final Queue<String> opened = new ConcurrentLinkedQueue<>();
    final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    final AtomicLong slowestMillis = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Writers(WorkorderFixture fixture) {
      for (int i = 0; i < WRITERS; i++) {
        String token = fixture.token(Role.CLIENT);
        threads.add(Thread.startVirtualThread(() -> write(fixture, token)));
      }
    }

    private void write(WorkorderFixture fixture, String token) {
      while (!over.get()) {
        long before = System.nanoTime();
        Api.Answer answer = fixture.tryOpen(token);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        slowestMillis.accumulateAndGet(millis, Math::max);
        if (answer.status() == 201) {
          opened.add(answer.text("/id"));
        }
        answers.merge(answer.status(), 1, Integer::sum);
      }
    }

    int count(int status) {
      return answers.getOrDefault(status, 0);
    }

    void awaitAnswers(int status, int least) {
      await().atMost(Duration.ofSeconds(20)).until(() -> count(status) >= least);
    }

    @Override
    public void close() {
      stop();
    }

    void stop() {
      over.set(true);
      for (Thread thread : threads) {
        try {
          thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
