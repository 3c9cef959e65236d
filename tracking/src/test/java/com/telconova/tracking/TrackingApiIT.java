package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.EventMetrics;
import com.telconova.shared.token.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TrackingApiIT {
  private static TrackingFixture fixture;
  private static Api api;

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start();
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void it_says_how_its_outbox_and_its_queues_are() {
    EventMetrics.check(fixture.app.adminPort(), "tracking");
  }

  @Test
  void an_order_is_tracked_from_the_call_to_the_signed_off_repair() throws Exception {
    OrderStory story = new OrderStory();
    String client = fixture.tokens.issue(story.customer, Role.CLIENT);
    String technician = fixture.tokens.issue(story.technician, Role.TECHNICIAN);
    String path = "/tracking/" + story.order;
    fixture.publish("auth", registered(story.customer, "María Gómez", "CLIENT", "es"));
    fixture.publish("auth", registered(story.technician, "Ana Ruiz", "TECHNICIAN", "en"));

    fixture.publish(
        "workorder",
        story.created(),
        story.assigned(),
        story.changed("CREATED", "ASSIGNED", story.supervisor, "SUPERVISOR"));
    awaitTypes(path, client, 3);
    Api.Answer started =
        api.post(
            path + "/update",
            technician,
            """
            {"kind": "WORK_STARTED", "comment": " On my way ", "latitude": 4.68, "longitude": -74.05}
            """);
    assertThat(started.status()).isEqualTo(201);
    Api.Answer photo = fixture.upload(story.order, technician, "AFTER", "roof.jpg", Samples.JPEG);
    assertThat(photo.status()).as(photo.body().toString()).isEqualTo(201);
    assertThat(photo.text("/contentType")).isEqualTo("image/jpeg");
    Api.Answer done =
        api.post(
            path + "/update",
            technician,
            """
            {"kind": "WORK_COMPLETED", "comment": "New cable", "minutes": 45,
             "resolution": {"code": "CABLE_REPLACED", "outcome": "RESOLVED"}}
            """);
    assertThat(done.status()).isEqualTo(201);
    fixture.publish(
        "workorder",
        story.next().changed("ASSIGNED", "COMPLETED", story.technician, "TECHNICIAN"),
        story.completed());

    assertThat(awaitTypes(path, client, 8))
        .containsExactlyInAnyOrder(
            "order.created",
            "technician.assigned",
            "order.status_changed",
            "tracking.work_started",
            "tracking.evidence_uploaded",
            "tracking.work_completed",
            "order.status_changed",
            "order.completed");
    await()
        .untilAsserted(() ->
            assertThat(api.post(path + "/update", technician, "{\"kind\": \"ARRIVED\"}").status())
                .isEqualTo(409));
    assertThat(api.get(path + "/evidence", client).body().at("/items/0/sha256").asText())
        .isEqualTo(Samples.sha256(Samples.JPEG));
    assertThat(fixture.mail.waitForIncomingEmail(10_000, 5)).isTrue();
    // A mail arrives a moment before it is recorded that it was sent.
    await()
        .untilAsserted(() ->
            assertThat(
                    api.get("/notifications/" + story.customer, client)
                        .body()
                        .at("/items")
                        .findValuesAsText("status"))
                .containsExactly("SENT", "SENT", "SENT"));
  }

  @Test
  void only_those_who_take_part_see_an_order() {
    UUID technician = UUID.randomUUID();
    UUID order = fixture.orderOf(technician);

    for (String path : List.of("/tracking/" + order, "/tracking/" + order + "/evidence")) {
      assertThat(api.get(path, null).status()).isEqualTo(401);
      assertThat(api.get(path, fixture.token(Role.CLIENT)).status()).isEqualTo(404);
      assertThat(api.get(path, fixture.token(Role.TECHNICIAN)).status()).isEqualTo(404);
      assertThat(api.get(path, fixture.tokens.issue(technician, Role.TECHNICIAN)).status())
          .isEqualTo(200);
      assertThat(api.get(path, fixture.token(Role.SUPERVISOR)).status()).isEqualTo(200);
      assertThat(api.get(path, fixture.token(Role.ADMIN)).status()).isEqualTo(200);
    }
  }

  @Test
  void a_supervisor_notes_and_does_not_report_from_afar() {
    String path = "/tracking/" + fixture.orderOf(UUID.randomUUID()) + "/update";
    String supervisor = fixture.token(Role.SUPERVISOR);

    Api.Answer note =
        api.post(path, supervisor, "{\"kind\": \"NOTE\", \"comment\": \"Customer called\"}");
    Api.Answer start = api.post(path, supervisor, "{\"kind\": \"WORK_STARTED\"}");

    assertThat(note.status()).isEqualTo(201);
    assertThat(note.text("/type")).isEqualTo("tracking.progress.updated");
    assertThat(note.text("/actor/role")).isEqualTo("SUPERVISOR");
    assertThat(note.text("/data/kind")).isEqualTo("NOTE");
    assertThat(note.text("/hash")).matches("[0-9a-f]{64}");
    assertThat(start.status()).isEqualTo(403);
    assertThat(api.post(path, fixture.token(Role.CLIENT), "{\"kind\": \"ARRIVED\"}").status())
        .isEqualTo(403);
    assertThat(api.post(path, fixture.token(Role.TECHNICIAN), "{\"kind\": \"ARRIVED\"}").status())
        .isEqualTo(404);
  }

  @Test
  void a_report_is_an_entry_and_an_event_with_one_id() {
    UUID technician = UUID.randomUUID();
    UUID order = fixture.orderOf(technician);
    String token = fixture.tokens.issue(technician, Role.TECHNICIAN);

    Api.Answer arrived =
        api.post("/tracking/" + order + "/update", token, "{\"kind\": \"ARRIVED\"}");

    String event =
        fixture.database.withHandle(handle ->
            handle
                .createQuery(
                    "select id || type || data from tracking.outbox where aggregate_id = ?")
                .bind(0, order)
                .mapTo(String.class)
                .one());
    assertThat(event)
        .isEqualTo(arrived.text("/id") + arrived.text("/type") + arrived.body().path("data"));
  }

  @Test
  void a_timeline_is_paged_and_takes_no_unknown_parameter() {
    UUID technician = UUID.randomUUID();
    String path = "/tracking/" + fixture.orderOf(technician);
    String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
    for (int i = 1; i <= 5; i++) {
      api.post(path + "/update", token, "{\"kind\": \"PROGRESS\", \"percent\": " + i + "}");
    }

    List<Integer> percents = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Api.Answer page = api.get(path + "?limit=2" + cursor, token);
      page.body().path("items").forEach(item -> percents.add(item.at("/data/percent").asInt()));
      cursor = page.text("/nextCursor") == null ? null : "&cursor=" + page.text("/nextCursor");
    }

    assertThat(percents).containsExactly(1, 2, 3, 4, 5);
    assertThat(api.get(path + "?sort=up", token).status()).isEqualTo(400);
    assertThat(api.get(path + "?limit=101", token).status()).isEqualTo(400);
    assertThat(api.get(path + "?cursor=x", token).status()).isEqualTo(400);
    assertThat(api.get("/tracking/not-an-id", token).status()).isEqualTo(404);
  }

  @Test
  void an_order_that_no_event_told_of_is_asked_of_workorder() {
    UUID client = UUID.randomUUID();
    UUID order = UUID.randomUUID();
    String token = fixture.tokens.issue(client, Role.CLIENT);
    fixture.workorder.down(true);

    Api.Answer down = api.get("/tracking/" + order, token);
    fixture.workorder.down(false);
    fixture.workorder.put(order, client, null, "CREATED", 1);

    assertThat(down.status()).isEqualTo(503);
    assertThat(Integer.parseInt(down.header("Retry-After"))).isPositive();
    assertThat(api.get("/tracking/" + order, token).body().path("items")).isEmpty();
  }

  @Test
  void notifications_are_for_the_person_and_those_who_supervise() {
    UUID client = UUID.randomUUID();
    String path = "/notifications/" + client;

    assertThat(api.get(path, fixture.tokens.issue(client, Role.CLIENT)).status()).isEqualTo(200);
    assertThat(api.get(path, fixture.token(Role.SUPERVISOR)).status()).isEqualTo(200);
    assertThat(api.get(path, fixture.token(Role.CLIENT)).status()).isEqualTo(404);
    assertThat(api.get(path, fixture.token(Role.TECHNICIAN)).status()).isEqualTo(404);
  }

  @Test
  void a_session_that_ended_counts_no_more() throws Exception {
    UUID session = UUID.randomUUID();
    UUID client = UUID.randomUUID();
    String token = fixture.tokens.issue(client, Role.CLIENT, session);
    assertThat(api.get("/notifications/" + client, token).status()).isEqualTo(200);

    fixture.publish(
        "auth",
        event("session.invalidated", session, "{\"sessionId\": \"%s\"}".formatted(session)));

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> api.get("/notifications/" + client, token).status() == 401);
  }

  @Test
  void events_that_say_nothing_of_orders_are_settled_too() throws Exception {
    UUID user = UUID.randomUUID();
    fixture.publish(
        "auth", event("user.login", user, "{}"), event("user.authenticated", user, "{}"));

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> handled("user.authenticated") >= 1 && handled("user.login") >= 1);
  }

  @Test
  void whose_password_was_changed_is_warned_whatever_they_prefer() throws Exception {
    UUID user = UUID.randomUUID();
    fixture.know(user);
    fixture.database.useHandle(handle ->
        handle.execute(
            """
            update tracking.recipient
            set preferences = '{"channels": [], "quietHours": {"start": "00:00", "end": "23:59"}}'
            where user_id = ?
            """,
            user));
    Event changed = event("user.password.changed", user, "{\"userId\": \"%s\"}".formatted(user));
    fixture.publish("auth", changed);
    fixture.publish("auth", changed);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            fixture
                .api
                .get("/notifications/" + user, fixture.tokens.issue(user, Role.CLIENT))
                .body()
                .at("/items/0/status")
                .asText()
                .equals("SENT"));
    JsonNode told =
        fixture
            .api
            .get("/notifications/" + user, fixture.tokens.issue(user, Role.CLIENT))
            .body()
            .path("items");
    assertThat(told).hasSize(1);
    assertThat(told.at("/0/subject").asText()).isEqualTo("Tu contraseña cambió");
    String body =
        fixture.database.withHandle(handle ->
            handle
                .createQuery("select body from tracking.notification where user_id = ?")
                .bind(0, user)
                .mapTo(String.class)
                .one());
    assertThat(body).contains("Si no fuiste tú", "(America/Bogota)");
  }

  private static double handled(String type) throws Exception {
    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + fixture.app.adminPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("sqs_handled_total{type=\"" + type + "\",outcome=\"done\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static List<String> awaitTypes(String path, String token, int count) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              List<String> types = new ArrayList<>();
              for (JsonNode item : api.get(path, token).body().path("items")) {
                types.add(item.path("type").asText());
              }
              return types;
            },
            types -> types.size() == count);
  }

  private static Event registered(UUID id, String name, String role, String locale)
      throws Exception {
    String data =
        """
        {"userId": "%s", "email": "%s@example.com", "name": "%s", "role": "%s", "locale": "%s",
         "timeZone": "America/Bogota", "active": true}
        """
            .formatted(id, id, name, role, locale);
    return event("user.registered", id, data);
  }

  private static Event event(String type, UUID subject, String data) throws Exception {
    return new Event(
        UUID.randomUUID(),
        "urn:microflow:auth",
        type,
        subject,
        Instant.now(),
        1,
        null,
        Mappers.TOLERANT.readTree(data));
  }
}
