package com.telconova.shared.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Settings;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.event.Housekeeping;
import com.telconova.shared.http.AccessControl;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.http.HttpServer;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.RemoteKeys;
import com.telconova.shared.token.Revocations;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.prometheus.client.CollectorRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A route that notes things, once per key. What it notes stands in workorder's table `processed`,
/// of which these tests need no more than that it can be counted.
final class IdempotencyIT {
  private final Jdbi behind = Jdbi.create(Bench.get().adminUrl());
  private final Set<String> happenings = ConcurrentHashMap.newKeySet();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final String note = UUID.randomUUID().toString();
  private Tokens tokens;
  private HttpClient http;
  private Database database;
  private Revocations revocations;
  private HttpServer server;
  private Api api;
  private String token;

  @BeforeEach
  void start() {
    behind.useHandle(handle -> handle.execute("delete from workorder.idempotency_key"));
    tokens = Tokens.open();
    http = HttpClient.newHttpClient();
    CollectorRegistry registry = new CollectorRegistry();
    Settings settings = Settings.of(Bench.get().environment("workorder"));
    database = Database.open(DatabaseConfig.from(settings, "workorder"), registry);
    revocations = new Revocations(Clock.systemUTC(), database);
    RemoteKeys keys = new RemoteKeys(Clock.systemUTC(), tokens.jwksUrl(), http);
    TokenVerifier verifier = new TokenVerifier(Clock.systemUTC(), Tokens.ISSUER, keys, revocations);
    server =
        HttpServer.start(
            new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO),
            new AccessControl(verifier),
            database::admit,
            registry,
            List.of(this::routes));
    api = new Api(server.port());
    token = tokens.issue(UUID.randomUUID(), Role.CLIENT);
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
    revocations.close();
    database.close();
    http.close();
    tokens.close();
  }

  @Test
  void the_same_request_is_answered_with_the_first_answer_byte_for_byte() {
    Api.Answer first = send("k", note, 1);

    Api.Answer again = send("k", note, 1);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.response().body()).isEqualTo(first.response().body());
    assertThat(again.header("Location")).isEqualTo(first.header("Location")).isNotNull();
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag")).isNotNull();
    assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isNull();
    assertThat(noted()).isEqualTo(1);
  }

  @Test
  void another_body_under_the_same_key_is_refused() {
    send("k", note, 1);

    Api.Answer other = send("k", note, 2);

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text("/errors/0/detail")).contains("Idempotency-Key");
  }

  @Test
  void a_key_is_the_callers_own_and_belongs_to_one_path() {
    send("k", note, 1);
    String other = tokens.issue(UUID.randomUUID(), Role.CLIENT);

    assertThat(api.post("/notes", other, body(note, 2), "Idempotency-Key", "k").status())
        .isEqualTo(201);
    assertThat(api.post("/open-notes", null, body(note, 3), "Idempotency-Key", "k").status())
        .isEqualTo(201);
    assertThat(api.post("/open-notes", null, body(note, 3), "Idempotency-Key", "k"))
        .extracting(answer -> answer.header("Idempotency-Replayed"))
        .isEqualTo("true");
    assertThat(noted()).isEqualTo(3);
  }

  @Test
  void without_a_key_every_request_counts() {
    api.post("/notes", token, body(note, 1));
    api.post("/notes", token, body(note, 1));

    assertThat(noted()).isEqualTo(2);
  }

  @Test
  void a_key_is_1_to_64_visible_characters() {
    assertThat(send("", note, 1).status()).isEqualTo(400);
    assertThat(send("a b", note, 1).status()).isEqualTo(400);
    assertThat(send("k".repeat(65), note, 1).status()).isEqualTo(400);
    assertThat(send("\"" + "k".repeat(62) + "\"", note, 1).status()).isEqualTo(201);
  }

  @Test
  void a_request_that_failed_leaves_its_key_free_and_nothing_behind() {
    happenings.add("fail");
    assertThat(send("k", note, 1).status()).isEqualTo(409);
    assertThat(noted()).isZero();
    happenings.clear();

    assertThat(send("k", note, 1).status()).isEqualTo(201);
    assertThat(noted()).isEqualTo(1);
  }

  @Test
  void what_a_transaction_of_a_failed_request_did_before_stays_as_it_would_without_a_key() {
    happenings.add("fail after commit");

    assertThat(send("k", note, 1).status()).isEqualTo(409);

    assertThat(noted()).isEqualTo(1);
    assertThat(keys()).isZero();
  }

  @Test
  void a_transaction_that_fails_and_is_caught_undoes_itself_and_no_other() {
    happenings.add("catch");

    assertThat(send("k", note, 1).status()).isEqualTo(201);

    assertThat(noted()).isEqualTo(1);
  }

  @Test
  void while_the_first_is_running_the_second_is_told_to_come_again() throws Exception {
    happenings.add("wait");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Api.Answer> first = threads.submit(() -> send("k", note, 1));
      reached.await(10, TimeUnit.SECONDS);

      Api.Answer second = send("k", note, 1);
      goOn.countDown();

      assertThat(second.status()).isEqualTo(409);
      assertThat(second.header("Retry-After")).isEqualTo("1");
      assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
      assertThat(send("k", note, 1).header("Idempotency-Replayed")).isEqualTo("true");
    }
  }

  @Test
  void twenty_at_once_have_one_effect_and_the_same_answer() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Api.Answer>> calls =
          IntStream.range(0, 20)
              .mapToObj(_ -> (Callable<Api.Answer>) () -> send("k", note, 1))
              .toList();
      List<Api.Answer> answers = threads.invokeAll(calls).stream().map(Future::resultNow).toList();

      assertThat(answers).allMatch(answer -> answer.status() == 201 || answer.status() == 409);
      List<String> created =
          answers.stream()
              .filter(answer -> answer.status() == 201)
              .map(answer -> answer.response().body())
              .distinct()
              .toList();
      assertThat(created).containsExactly(send("k", note, 1).response().body());
      assertThat(noted()).isEqualTo(1);
    }
  }

  @Test
  void a_crash_between_effect_and_answer_leaves_neither_and_the_key_is_free_at_once()
      throws Exception {
    happenings.add("wait");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Api.Answer> first = threads.submit(() -> send("k", note, 1));
      reached.await(10, TimeUnit.SECONDS);

      killTransaction(); // as PostgreSQL sees the death of a process
      goOn.countDown();

      Api.Answer failed = first.get(10, TimeUnit.SECONDS);
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.header("Location")).isNull();
      assertThat(noted()).isZero();
      happenings.clear();
      assertThat(send("k", note, 1).status()).isEqualTo(201);
      assertThat(noted()).isEqualTo(1);
    }
  }

  @Test
  void after_a_day_the_key_is_free_and_its_row_leaves() {
    send("k", note, 1);
    behind.useHandle(handle ->
        handle.execute(
            "update workorder.idempotency_key set created_at = now() - interval '24 hours 1 minute'"));

    assertThat(send("k", note, 1).header("Idempotency-Replayed")).isNull();
    assertThat(noted()).isEqualTo(2);
    assertThat(send("k", note, 1).header("Idempotency-Replayed")).isEqualTo("true");

    behind.useHandle(handle ->
        handle.execute(
            "update workorder.idempotency_key set created_at = now() - interval '24 hours 1 minute'"));
    try (Housekeeping housekeeping = new Housekeeping(database)) {
      housekeeping.pass();
    }
    assertThat(keys()).isZero();
  }

  private record NoteBody(String type, Integer number) implements Body {
    @Override
    public void check(Faults faults) {
      faults.text("/type", type, 1, 100);
    }
  }

  private record NoteView(UUID id, String type) {}

  private void routes(RoutesConfig routes) {
    Idempotency idempotency = new Idempotency(database);
    routes.post("/notes", idempotency.once(this::note), Role.CLIENT);
    routes.post("/open-notes", idempotency.once(this::note), Role.ANYONE);
  }

  private void note(Context ctx) throws InterruptedException {
    NoteBody body = Json.read(ctx, NoteBody.class);
    UUID id = UUID.randomUUID();
    database.useTransaction(handle -> {
      handle.execute("insert into processed (event_id, type) values (?, ?)", id, body.type());
      if (happenings.contains("fail")) {
        throw new Failure.Conflict("failed");
      }
    });
    if (happenings.contains("fail after commit")) {
      throw new Failure.Conflict("failed");
    } else if (happenings.contains("catch")) {
      noteTwice(id, body.type());
    } else if (happenings.contains("wait")) {
      reached.countDown();
      goOn.await(10, TimeUnit.SECONDS);
    }
    ctx.status(201).header("Location", "/notes/" + id).header("ETag", "\"1\"");
    ctx.json(new NoteView(id, "ñ " + body.type()));
  }

  /// PostgreSQL refuses anything more in a transaction after an error like this.
  private void noteTwice(UUID id, String type) {
    try {
      database.useTransaction(handle -> {
        handle.execute(
            "insert into processed (event_id, type) values (?, ?)", UUID.randomUUID(), type);
        handle.execute("insert into processed (event_id, type) values (?, ?)", id, type);
      });
    } catch (RuntimeException e) {
      assertThat(
              database.<Integer, RuntimeException>read(
                  handle -> handle.createQuery("select 1").mapTo(Integer.class).one()))
          .isEqualTo(1);
    }
  }

  private Api.Answer send(String key, String type, int number) {
    return api.post("/notes", token, body(type, number), "Idempotency-Key", key);
  }

  private static String body(String type, int number) {
    return "{\"type\": \"%s\", \"number\": %d}".formatted(type, number);
  }

  private int noted() {
    return count("select count(*) from workorder.processed where type = '" + note + "'");
  }

  private int keys() {
    return count("select count(*) from workorder.idempotency_key");
  }

  private int count(String query) {
    return behind.withHandle(handle -> handle.createQuery(query).mapTo(Integer.class).one());
  }

  private void killTransaction() {
    behind.useHandle(handle ->
        handle
            .createQuery(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where usename = 'workorder' and state = 'idle in transaction'
                """)
            .mapTo(Boolean.class)
            .list());
  }
}
