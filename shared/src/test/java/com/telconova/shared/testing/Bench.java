package com.telconova.shared.testing;

import com.telconova.sql.Config;
import com.telconova.sql.Migrations;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What a service needs around it, for real: a migrated PostgreSQL and an emulator with topics and
/// queues. One per test JVM, shared by its tests, which keep out of each other's way by ids.
public final class Bench {
  private static final String PASSWORD = "bench";
  private static Bench shared;

  private final PostgresServer postgres;
  private final Emulator emulator;
  private final Topology topology = Topology.standard();
  private final Path folder;

  private Bench(PostgresServer postgres, Emulator emulator, Path folder) {
    this.postgres = postgres;
    this.emulator = emulator;
    this.folder = folder;
  }

  /// The bench of this JVM: started by the first who asks, stopped when the JVM ends.
  public static synchronized Bench get() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /// What the environment of a service holds in production, for this bench: ports are free ones,
  /// stopping does not linger. A test adds what only its service needs.
  ///
  /// @param service `auth`, `workorder` or `tracking`
  public Map<String, String> environment(String service) {
    return new HashMap<>(
        Map.ofEntries(
            Map.entry("BIND_ADDRESS", "127.0.0.1"),
            Map.entry("HTTP_PORT", "0"),
            Map.entry("ADMIN_PORT", "0"),
            Map.entry("STOP_LINGER_SECONDS", "0"),
            Map.entry("DATABASE_URL", databaseUrl()),
            Map.entry("DATABASE_USER", service),
            Map.entry("DATABASE_PASSWORD", PASSWORD),
            Map.entry("AWS_REGION", "us-east-1"),
            Map.entry("AWS_ENDPOINT_URL", emulator.endpoint().toString()),
            Map.entry("AWS_ACCESS_KEY_ID", "test"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "test"),
            Map.entry("TOPIC_ARN", topology.topicArn(service)),
            Map.entry("QUEUE_URL", topology.queueUrl(emulator.endpoint(), service).toString()),
            Map.entry("QUEUE_WAIT_SECONDS", "1"),
            Map.entry("TOKEN_ISSUER", Tokens.ISSUER)));
  }

  /// The database's URL, without credentials.
  public String databaseUrl() {
    return postgres.url("microflow");
  }

  /// The same with the superuser's credentials, to look behind a service's back.
  public String adminUrl() {
    return postgres.adminUrl("microflow");
  }

  /// The password of every service's role.
  public String password() {
    return PASSWORD;
  }

  /// Where SNS, SQS and S3 answer.
  public URI endpoint() {
    return emulator.endpoint();
  }

  /// The topics and queues there.
  public Topology topology() {
    return topology;
  }

  /// The emulator, to make further queues on.
  public Emulator emulator() {
    return emulator;
  }

  /// A folder for this run's files; removed when the JVM ends.
  public Path folder() {
    return folder;
  }

  private static Bench start() {
    Checkout checkout = Checkout.find();
    Path folder = checkout.scratch("bench");
    Lifeline lifeline = Lifeline.open();
    PostgresServer postgres =
        PostgresServer.start(
            checkout, folder.resolve("postgres"), PostgresServer.Durability.FAST, lifeline);
    Emulator emulator = Emulator.start(checkout, folder.resolve("emulator.log"), lifeline);
    Bench bench = new Bench(postgres, emulator, folder);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> bench.stop(lifeline), "bench-stop"));
    emulator.create(bench.topology);
    bench.migrate();
    return bench;
  }

  private void migrate() {
    postgres.createDatabase("microflow");
    Map<String, String> passwords =
        Migrations.SERVICES.stream().collect(Collectors.toMap(s -> s, _ -> PASSWORD));
    try {
      Migrations.apply(
          new Config(databaseUrl(), postgres.adminUser(), postgres.adminPassword(), passwords));
    } catch (SQLException e) {
      throw new IllegalStateException("The migrations could not be applied", e);
    }
  }

  private void stop(Lifeline lifeline) {
    emulator.close();
    postgres.close();
    lifeline.close();
    Checkout.delete(folder);
  }
}
