package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class NotificationApiIT {
  private static final Path FILE = Bench.get().folder().resolve("notifications.jsonl");
  private static TrackingFixture fixture;
  private static Api api;

  private final UUID user = UUID.randomUUID();
  private final String supervisor = fixture.token(Role.SUPERVISOR);
  private final String service = fixture.token(Role.SERVICE);

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start(Map.of("NOTIFICATION_FILE", FILE.toString()));
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void a_supervisor_writes_to_somebody_who_reads_it() {
    fixture.know(user);
    String reader = fixture.tokens.issue(user, Role.CLIENT);

    Api.Answer sent = send(supervisor, "\"subject\": \"Mañana\", \"body\": \"Vamos a las 8.\"");

    assertThat(sent.status()).as(sent.body().toString()).isEqualTo(202);
    assertThat(sent.text("/items/0/status")).isEqualTo("PENDING");
    assertThat(sent.text("/items/0/channel")).isEqualTo("EMAIL");
    awaitStatus("SENT");
    String one = "/notifications/" + user + "/" + sent.text("/items/0/id") + "/read";
    assertThat(api.send("POST", one, reader, null).status()).isEqualTo(204);
    assertThat(api.send("POST", one, reader, null).status()).isEqualTo(204);
    assertThat(api.send("POST", one, supervisor, null).status()).isEqualTo(404);
    Api.Answer list = api.get("/notifications/" + user + "?channel=EMAIL&status=SENT", reader);
    assertThat(list.text("/items/0/readAt")).isNotNull();
    assertThat(list.text("/items/0/subject")).isEqualTo("Mañana");
    assertThat(list.body().toString()).doesNotContain("Vamos");
    assertThat(api.get("/notifications/" + user + "?status=FAILED", reader).body().path("items"))
        .isEmpty();
    assertThat(api.get("/notifications/" + user + "?status=LOST", reader).status()).isEqualTo(400);
  }

  @Test
  void a_secret_reaches_its_reader_and_nobody_else() throws Exception {
    fixture.know(user);
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("com.telconova");
    Level before = ours.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    ours.setLevel(Level.TRACE);
    String canary = "canary" + UUID.randomUUID();
    try {
      Api.Answer sent =
          send(
              service,
              """
              "template": "password.reset", "channels": ["EMAIL"],
              "parameters": {"token": "%s", "expiresAt": "%s"}
              """
                  .formatted(canary, Instant.now().plusSeconds(600)));

      assertThat(sent.status()).isEqualTo(202);
      assertThat(sent.body().toString()).doesNotContain(canary);
      awaitStatus("SENT");
    } finally {
      ours.setLevel(before);
      root.detachAppender(log);
    }

    assertThat(log.list)
        .isNotEmpty()
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains(canary));
    assertThat(fixture.mail.getReceivedMessagesForDomain(user + "@example.com"))
        .singleElement()
        .satisfies(mail -> {
          var parts = (jakarta.mail.internet.MimeMultipart) mail.getContent();
          assertThat(parts.getBodyPart(0).getContent().toString()).contains(canary);
        });
    assertThat(api.get("/notifications/" + user, supervisor).body().toString())
        .doesNotContain(canary);
    assertThat(everything()).doesNotContain(canary);
  }

  @Test
  void only_those_who_may_send_do() {
    String text = "\"subject\": \"s\", \"body\": \"b\"";
    String reset =
        "\"template\": \"password.reset\", \"parameters\": {\"token\": \"t\", \"expiresAt\": \"2030-01-01T00:00:00Z\"}";

    assertThat(send(null, text).status()).isEqualTo(401);
    assertThat(send(fixture.token(Role.CLIENT), text).status()).isEqualTo(403);
    assertThat(send(fixture.token(Role.TECHNICIAN), text).status()).isEqualTo(403);
    assertThat(send(service, text).status()).isEqualTo(202);
    assertThat(send(supervisor, reset).status()).isEqualTo(403);
    assertThat(send(fixture.token(Role.ADMIN), reset).status()).isEqualTo(403);
    assertThat(send(fixture.token(Role.ADMIN), text).status()).isEqualTo(202);
  }

  @Test
  void every_fault_of_a_message_is_named() {
    assertThat(faults("\"template\": \"sla.gone\", \"subject\": \"s\""))
        .containsExactlyInAnyOrder("/template", "/subject");
    assertThat(faults("\"parameters\": {\"a\": \"b\"}, \"channels\": []"))
        .containsExactlyInAnyOrder("/subject", "/body", "/parameters", "/channels");
    assertThat(
            faults(
                """
                "template": "password.reset", "channels": ["SMS"],
                "parameters": {"expiresAt": "soon", "colour": "red"}
                """))
        .containsExactlyInAnyOrder(
            "/parameters/token", "/parameters/expiresAt", "/parameters/colour", "/channels");
    assertThat(faults("\"subject\": \"s\", \"body\": \"b\", \"channels\": [\"FAX\"]"))
        .containsExactly("/channels/0");
    assertThat(faults("\"subject\": \"s\", \"body\": \"b\", \"parameters\": 7"))
        .contains("/parameters");
  }

  @Test
  void whoever_asked_for_sms_and_push_hears_of_a_breach_in_the_middle_of_the_night()
      throws Exception {
    OrderStory story = new OrderStory();
    fixture.publish(
        "auth",
        new Event(
            UUID.randomUUID(),
            "urn:microflow:auth",
            "user.registered",
            story.technician,
            Instant.now(),
            1,
            null,
            Mappers.TOLERANT.readTree(
                """
                {"userId": "%s", "email": "ana@example.com", "name": "Ana", "role": "TECHNICIAN",
                 "phone": "+573001234567", "locale": "es", "timeZone": "America/Bogota",
                 "active": true, "notificationPreferences": {"channels": ["SMS", "PUSH"],
                 "pushEndpoint": "arn:aws:sns:us-east-1:123456789012:endpoint/GCM/app/1",
                 "quietHours": {"start": "00:00", "end": "23:59"}}}
                """
                    .formatted(story.technician))));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            fixture.database.withHandle(handle ->
                handle
                    .createQuery("select count(*) from tracking.recipient where user_id = ?")
                    .bind(0, story.technician)
                    .mapTo(Integer.class)
                    .one())
                == 1);

    fixture.publish("workorder", story.created(), story.breached());

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            Files.exists(FILE)
                && Files.readString(FILE).contains("\"SMS\"")
                && Files.readString(FILE).contains("\"PUSH\""));
    assertThat(Files.readAllLines(FILE))
        .hasSize(2)
        .allMatch(line -> line.contains("Orden WO-2026-000007: venció el plazo para llegar a"))
        .anyMatch(line -> line.contains("+573001234567"))
        .anyMatch(line -> line.contains("endpoint/GCM/app/1"));
  }

  private Api.Answer send(String token, String fields) {
    return api.post(
        "/notifications/send", token, "{\"userId\": \"%s\", %s}".formatted(user, fields));
  }

  private List<String> faults(String fields) {
    Api.Answer answer = send(supervisor, fields);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(422);
    return answer.body().path("errors").findValuesAsText("pointer");
  }

  private void awaitStatus(String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            status.equals(api.get("/notifications/" + user, supervisor).text("/items/0/status")));
  }

  /// All that this service's tables have.
  private static String everything() {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                select (select string_agg(n::text, ' ') from tracking.notification n)
                    || (select string_agg(o::text, ' ') from tracking.outbox o)
                """)
            .mapTo(String.class)
            .one());
  }
}
