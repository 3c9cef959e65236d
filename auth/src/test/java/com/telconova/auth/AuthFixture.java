package com.telconova.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.Closer;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiContract;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.HandClock;
import com.telconova.shared.testing.Topology;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Auth with what is around it: a migrated database, topics and queues that no other test has, and
/// a clock set by hand. Any number of instances may run on them.
final class AuthFixture implements AutoCloseable {
  static final String ADMIN = "admin@telconova.example";
  static final String PASSWORD = "seven wet boots";

  final ApiContract contract = ApiContract.of("auth");
  final HandClock clock = HandClock.atNow();
  final Topology topology = Topology.unique("auth");
  final Map<String, String> environment = Bench.get().environment("auth");

  /// With a superuser's eyes.
  final Jdbi database;

  private final Closer closer = new Closer();

  /// An event as it lies in the outbox.
  record Written(String type, long sequence, JsonNode data) {}

  /// What a login or a refresh answers.
  record Tokens(String access, String refresh) {
    static Tokens of(Api.Answer answer) {
      if (answer.status() != 200) {
        throw new IllegalStateException(answer.status() + " " + answer.body());
      }
      return new Tokens(answer.text("/accessToken"), answer.text("/refreshToken"));
    }
  }

  AuthFixture() {
    Bench bench = Bench.get();
    bench.emulator().create(topology);
    String copy = copyOfTheMigratedDatabase(bench);
    database = Jdbi.create(bench.adminUrl().replace("/microflow?", "/" + copy + "?"));
    environment.put("DATABASE_URL", bench.databaseUrl().replaceFirst("microflow$", copy));
    environment.put("TOPIC_ARN", topology.topicArn("auth"));
    environment.put("QUEUE_URL", topology.queueUrl(bench.endpoint(), "auth").toString());
    environment.put("AUTH_MASTER_KEY", "c2l4dGVlbiB0aWdlcnMgYW5kIDE2IHdhcm0gc3RvbmU=");
    environment.put("TRACKING_URL", "http://127.0.0.1:1"); // nobody is there
    environment.put("TRUSTED_PROXIES", "127.0.0.1");
    environment.put("THROTTLE_ADDRESS_FAILURES", "1000000"); // all tests have one address
    environment.put("ADMIN_EMAIL", ADMIN);
    environment.put("ADMIN_PASSWORD", PASSWORD);
  }

  /// A further instance; stopped with the fixture.
  AuthApp start() {
    return closer.add(AuthApp.start(Config.from(environment), clock));
  }

  /// The API of an instance.
  Api api(AuthApp app) {
    return closer.add(new Api(app.port(), contract));
  }

  /// Somebody who registers.
  ///
  /// @return their id
  String register(Api api, String email) {
    Api.Answer answer = tryToRegister(api, email);
    if (answer.status() != 201) {
      throw new IllegalStateException(answer.status() + " " + answer.body());
    }
    return answer.text("/id");
  }

  Api.Answer tryToRegister(Api api, String email) {
    return api.post(
        "/auth/register",
        null,
        """
        {"email": "%s", "password": "%s", "name": "Ana Torres"}
        """
            .formatted(email, PASSWORD));
  }

  /// Somebody whom an admin creates.
  ///
  /// @return their id
  String create(Api api, String adminToken, String email, String role) {
    return api.post(
            "/users",
            adminToken,
            """
            {"email": "%s", "password": "%s", "name": "Luis Rojas", "role": "%s"}
            """
                .formatted(email, PASSWORD, role))
        .text("/id");
  }

  Tokens login(Api api, String email) {
    return Tokens.of(tryToLogin(api, email, PASSWORD));
  }

  Api.Answer tryToLogin(Api api, String email, String password) {
    return api.post("/auth/login", null, credentials(email, password), "User-Agent", "tests/1.0");
  }

  /// A login through a proxy.
  ///
  /// @param forwardedFor as the proxy hands it on
  Api.Answer tryToLogin(Api api, String email, String password, String forwardedFor) {
    return api.post(
        "/auth/login",
        null,
        credentials(email, password),
        "User-Agent",
        "tests/1.0",
        "X-Forwarded-For",
        forwardedFor);
  }

  private static String credentials(String email, String password) {
    return """
    {"email": "%s", "password": "%s"}
    """
        .formatted(email, password);
  }

  Api.Answer tryToRefresh(Api api, String refreshToken) {
    return api.post("/auth/refresh", null, "{\"refreshToken\": \"%s\"}".formatted(refreshToken));
  }

  /// The events of a user or session, in order.
  List<Written> events(String subject) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                select type, sequence, data from auth.outbox
                where aggregate_id = :subject::uuid order by sequence
                """)
            .bind("subject", subject)
            .map((row, _) ->
                new Written(
                    row.getString("type"), row.getLong("sequence"), json(row.getString("data"))))
            .list());
  }

  List<String> eventTypes(String subject) {
    return events(subject).stream().map(Written::type).toList();
  }

  /// A number that a query on the schema `auth` gives.
  int count(String sql, Object... values) {
    return database.withHandle(handle -> handle.select(sql, values).mapTo(Integer.class).one());
  }

  /// Holds every event that was written to the catalogue before all is closed.
  @Override
  public void close() {
    EventCatalogue.load().checkOutbox(database, "auth");
    closer.close();
  }

  private static JsonNode json(String text) {
    try {
      return Mappers.TOLERANT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Nobody uses the bench's own database in this module, so it can be the template.
  private static String copyOfTheMigratedDatabase(Bench bench) {
    String name = "auth_" + UUID.randomUUID().toString().replace('-', '_');
    try (var connection =
            DriverManager.getConnection(bench.adminUrl().replace("/microflow?", "/postgres?"));
        var statement = connection.createStatement()) {
      statement.execute("create database " + name + " template microflow");
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("The database could not be copied", e);
    }
  }
}
