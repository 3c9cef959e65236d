package com.telconova.workorder;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.SnsPublisher;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiContract;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;
import software.amazon.awssdk.services.sns.SnsClient;

/// The workorder process with what is around it: tokens, the topics of the other services, and what
/// auth and tracking answer when asked.
final class WorkorderFixture implements AutoCloseable {
  private static final String ORDER =
      """
      {"title": "No internet since noon", "description": "The router blinks red",
       "category": "REPAIR", "priority": "P2", "zone": "BOG-NORTE",
       "address": "Calle 100 # 8-60"}
      """;

  final Tokens tokens;
  final WorkorderApp app;
  final ApiContract contract = ApiContract.of("workorder");
  final Api api;
  final Jdbi database;

  /// What the other services answer to GET, by path; 404 for the rest.
  final Map<String, String> peers = new ConcurrentHashMap<>();

  private final HttpServer peer = peer();
  private final AwsClients aws;
  private final SnsClient sns;

  private WorkorderFixture(Clock clock, String adminUrl, Map<String, String> further) {
    database = Jdbi.create(adminUrl);
    tokens = Tokens.open(clock);
    Map<String, String> environment = Bench.get().environment("workorder");
    String url = "http://127.0.0.1:" + peer.getAddress().getPort();
    environment.put("JWKS_URL", tokens.jwksUrl().toString());
    environment.put("AUTH_URL", url);
    environment.put("TRACKING_URL", url);
    environment.putAll(further);
    app = WorkorderApp.start(Config.from(environment), clock);
    api = new Api(app.port(), contract);
    aws = new AwsClients(AwsConfig.from(Settings.of(environment)));
    sns = aws.sns();
  }

  static WorkorderFixture start() {
    return start(Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)));
  }

  /// @param clock the process's; tokens are issued by it as well
  static WorkorderFixture start(Clock clock) {
    return new WorkorderFixture(clock, Bench.get().adminUrl(), Map.of());
  }

  /// @param adminUrl of the database, credentials included
  /// @param further settings in place of the bench's
  static WorkorderFixture start(String adminUrl, Map<String, String> further) {
    return new WorkorderFixture(
        Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)), adminUrl, further);
  }

  /// A technician whom workorder knows without having asked.
  UUID knownTechnician() {
    UUID id = UUID.randomUUID();
    know(id);
    return id;
  }

  /// Makes a technician known, as if auth had told of them.
  void know(UUID id) {
    database.useHandle(handle ->
        handle.execute("insert into workorder.technician values (?, 'Ana Ruiz', true, 1)", id));
  }

  /// An order that a client opened just now.
  String open(String clientToken) {
    return api.post("/orders", clientToken, ORDER).text("/id");
  }

  /// The same, whatever the answer.
  Api.Answer tryOpen(String clientToken) {
    return api.post("/orders", clientToken, ORDER);
  }

  /// An order that is assigned to this technician.
  String assigned(UUID technician) {
    String id = open(token(Role.CLIENT));
    assign(id, technician);
    return id;
  }

  /// Assigns an order, which must succeed.
  void assign(String id, UUID technician) {
    Api.Answer answer =
        api.post(
            "/orders/" + id + "/assign",
            token(Role.SUPERVISOR),
            "{\"technicianId\": \"%s\"}".formatted(technician));
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.body().toString());
    }
  }

  /// The id of the decision by which an order was given to somebody last.
  String decision(String order) {
    JsonNode items =
        api.get("/orders/" + order + "/decisions", token(Role.SUPERVISOR)).body().at("/items");
    return items.get(items.size() - 1).at("/id").asText();
  }

  String token(Role role) {
    return tokens.issue(UUID.randomUUID(), role);
  }

  /// Says something on another service's topic, as that service would.
  Event publish(String service, String type, UUID subject, long sequence, String data) {
    try {
      Event event =
          new Event(
              UUID.randomUUID(),
              "urn:microflow:" + service,
              type,
              subject,
              Instant.now(),
              sequence,
              null,
              Mappers.TOLERANT.readTree(data));
      publish(service, event);
      return event;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same again: SNS and SQS may deliver twice.
  void publish(String service, Event event) {
    new SnsPublisher(sns, Bench.get().topology().topicArn(service)).publish(List.of(event));
  }

  /// The types of the events that an order has had, in order.
  List<String> events(String orderId) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select type from workorder.outbox where aggregate_id = ?::uuid order by sequence")
            .bind(0, orderId)
            .mapTo(String.class)
            .list());
  }

  /// Waits until an event has had its effect.
  void awaitProcessed(Event event) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            database.withHandle(handle ->
                handle
                        .createQuery("select count(*) from workorder.processed where event_id = ?")
                        .bind(0, event.id())
                        .mapTo(Integer.class)
                        .one()
                    == 1));
  }

  /// Holds every event that was written to the catalogue before all is closed.
  @Override
  public void close() {
    EventCatalogue.load().checkOutbox(database, "workorder");
    api.close();
    app.close();
    sns.close();
    aws.close();
    peer.stop(0);
    tokens.close();
  }

  private HttpServer peer() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              String answer = peers.getOrDefault(exchange.getRequestURI().getPath(), "");
              byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, bytes.length);
              exchange.getResponseBody().write(bytes);
            }
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
