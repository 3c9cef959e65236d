package com.telconova.tracking;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.SnsPublisher;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiContract;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import software.amazon.awssdk.services.sns.SnsClient;

/// The tracking process with what is around it: tokens, the topics of the other services, a mail
/// server, and a workorder that answers when asked.
final class TrackingFixture implements AutoCloseable {
  final Tokens tokens = Tokens.open();
  final FakeWorkorder workorder = new FakeWorkorder();
  final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  final Jdbi database = Jdbi.create(Bench.get().adminUrl());
  final ApiContract contract = ApiContract.of("tracking");
  final TrackingApp app;
  final Api api;

  private final AwsClients aws;
  private final SnsClient sns;

  private TrackingFixture(Map<String, String> settings, Clock clock) {
    mail.start();
    Map<String, String> environment =
        environment(tokens, workorder.url(), mail.getSmtp().getPort());
    environment.putAll(settings);
    app = TrackingApp.start(Config.from(environment), clock);
    api = new Api(app.port(), contract);
    aws = new AwsClients(AwsConfig.from(Settings.of(environment)));
    sns = aws.sns();
  }

  static TrackingFixture start() {
    return start(Map.of());
  }

  /// With other settings than usual.
  static TrackingFixture start(Map<String, String> settings) {
    return start(settings, Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)));
  }

  /// With other settings and another clock.
  static TrackingFixture start(Map<String, String> settings, Clock clock) {
    return new TrackingFixture(settings, clock);
  }

  /// What the process is told, in this JVM or in one of its own.
  static Map<String, String> environment(Tokens tokens, URI workorder, int mailPort) {
    Map<String, String> environment = Bench.get().environment("tracking");
    environment.put("JWKS_URL", tokens.jwksUrl().toString());
    environment.put("WORKORDER_URL", workorder.toString());
    environment.put("SMTP_URL", "smtp://127.0.0.1:" + mailPort);
    environment.put("MAIL_FROM", "MicroFlow <no-reply@telconova.example>");
    environment.put("EVIDENCE_STORE", "s3");
    environment.put("EVIDENCE_BUCKET", Bench.get().topology().bucket());
    return environment;
  }

  /// Says something on another service's topic, as that service would.
  void publish(String service, Event... events) {
    new SnsPublisher(sns, Bench.get().topology().topicArn(service)).publish(List.of(events));
  }

  /// Uploads a file as a browser's form does.
  Api.Answer upload(UUID order, String token, String kind, String fileName, byte[] bytes) {
    return upload(order, token, new MultipartForm().text("kind", kind).file(fileName, bytes));
  }

  /// Uploads any form.
  Api.Answer upload(UUID order, String token, MultipartForm form, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + app.port() + "/tracking/" + order + "/evidence"))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", form.contentType())
            .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return api.send(request.build());
  }

  /// An order that this technician works on, as far as tracking knows.
  UUID orderOf(UUID technician) {
    return orderOf(database, technician);
  }

  /// The same, behind the back of a process of its own.
  static UUID orderOf(Jdbi database, UUID technician) {
    UUID order = UUID.randomUUID();
    database.useHandle(handle ->
        handle.execute(
            """
            insert into tracking.participant_order
              (order_id, code, title, customer_id, technician_id, status, order_version)
            values (?, 'WO-2026-000009', 'No internet', ?, ?, 'IN_PROGRESS', 3)
            """,
            order,
            UUID.randomUUID(),
            technician));
    return order;
  }

  /// Makes a user known, as if auth had told of them.
  void know(UUID user) {
    know(database, user);
  }

  /// The same, behind the back of a process of its own.
  static void know(Jdbi database, UUID user) {
    database.useHandle(handle ->
        handle.execute(
            """
            insert into tracking.recipient
              (user_id, email, name, phone, role, locale, time_zone, active, user_sequence)
            values (?, ? || '@example.com', 'María', null, 'CLIENT', 'es', 'America/Bogota', true, 1)
            """,
            user,
            user.toString()));
  }

  /// How far an order's only message got, and why no further.
  String notified(UUID order) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                select max(status || ' ' || coalesce(detail, ''))
                from tracking.notification where order_id = ?
                """)
            .bind(0, order)
            .mapTo(String.class)
            .findOne()
            .orElse(""));
  }

  /// A number of `/metrics`: the sum over all series whose name and labels begin like this.
  double metric(String series) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.adminPort() + "/metrics"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String token(Role role) {
    return tokens.issue(UUID.randomUUID(), role);
  }

  /// Holds every event that was written to the catalogue before all is closed.
  @Override
  public void close() {
    EventCatalogue.load().checkOutbox(database, "tracking");
    api.close();
    app.close();
    sns.close();
    aws.close();
    mail.stop();
    workorder.close();
    tokens.close();
  }
}
