package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.event.Event;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.EventMetrics;
import com.telconova.shared.token.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class WorkorderApiIT {
  private static WorkorderFixture fixture;
  private static Api api;

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
  void an_order_goes_from_the_call_to_the_signed_off_repair() {
    UUID client = UUID.randomUUID();
    String clientToken = fixture.tokens.issue(client, Role.CLIENT);
    String supervisor = fixture.token(Role.SUPERVISOR);
    UUID ana = UUID.randomUUID();
    fixture.publish(
        "auth",
        "user.registered",
        ana,
        1,
        """
        {"userId": "%s", "name": "Ana Ruiz", "role": "TECHNICIAN", "active": true, "extra": 1}
        """
            .formatted(ana));

    Api.Answer opened =
        api.post(
            "/orders",
            clientToken,
            """
            {"title": " No internet ", "description": "Since noon", "category": "REPAIR",
             "priority": "P2", "zone": "BOG-NORTE", "address": "Calle 100 # 8-60",
             "latitude": 4.68, "longitude": -74.05, "estimatedMinutes": 90,
             "requiredSkills": [{"skill": "FIBER", "level": 2}],
             "windowStart": "2026-03-02T13:00:00Z", "windowEnd": "2026-03-02T17:00:00Z"}
            """);
    String id = opened.text("/id");
    assertThat(opened.status()).isEqualTo(201);
    assertThat(opened.header("Location")).isEqualTo("/orders/" + id);
    assertThat(opened.header("ETag")).isEqualTo("\"1\"");
    assertThat(opened.text("/code")).matches("WO-20[0-9]{2}-[0-9]{6}");
    assertThat(opened.text("/title")).isEqualTo("No internet");
    assertThat(opened.text("/status")).isEqualTo("CREATED");
    assertThat(opened.text("/customerId")).isEqualTo(client.toString());
    assertThat(opened.text("/windowEnd")).isEqualTo("2026-03-02T17:00:00Z");

    // The event about Ana may still be on its way; then auth, which answers 404 here, is asked.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                api.put(
                    "/technicians/" + ana,
                    supervisor,
                    "{\"skills\": [{\"skill\": \"fiber\", \"level\": 2}]}"),
            answer -> answer.status() == 200);
    Api.Answer assigned =
        api.post(
            "/orders/" + id + "/assign", supervisor, "{\"technicianId\": \"%s\"}".formatted(ana));
    assertThat(assigned.text("/status")).isEqualTo("ASSIGNED");
    assertThat(assigned.text("/technicianId")).isEqualTo(ana.toString());

    fixture.publish("tracking", "tracking.work_started", UUID.fromString(id), 1, started(ana));
    awaitStatus(id, supervisor, "IN_PROGRESS");
    fixture.publish("tracking", "tracking.work_completed", UUID.fromString(id), 4, completed(ana));
    awaitStatus(id, supervisor, "COMPLETED");

    Api.Answer done = api.get("/orders/" + id, clientToken);
    assertThat(done.text("/resolution/code")).isEqualTo("CABLE_REPLACED");
    assertThat(done.text("/resolution/comment")).isEqualTo("New drop cable");
    assertThat(done.header("ETag")).isEqualTo("\"4\"");
    assertThat(fixture.events(id))
        .containsExactly(
            "order.created",
            "order.assigned",
            "technician.assigned",
            "order.status_changed",
            "order.status_changed",
            "order.status_changed",
            "order.completed");
    assertThat(history(id)).containsExactly("CREATED", "ASSIGNED", "IN_PROGRESS", "COMPLETED");
  }

  @Test
  void it_says_how_its_outbox_and_its_queues_are() {
    EventMetrics.check(fixture.app.adminPort(), "workorder");
  }

  @Test
  void a_completion_that_overtakes_its_start_ends_in_the_same_state() {
    UUID ana = fixture.knownTechnician();
    String supervisor = fixture.token(Role.SUPERVISOR);
    String id = fixture.assigned(ana);
    UUID order = UUID.fromString(id);

    Event completion =
        fixture.publish("tracking", "tracking.work_completed", order, 3, completed(ana));
    awaitStatus(id, supervisor, "COMPLETED");
    fixture.publish("tracking", "tracking.work_started", order, 1, started(ana));
    fixture.publish("tracking", completion);
    Event last = fixture.publish("tracking", "tracking.evidence_uploaded", order, 2, "{}");
    fixture.awaitProcessed(last);

    assertThat(history(id)).containsExactly("CREATED", "ASSIGNED", "IN_PROGRESS", "COMPLETED");
    assertThat(fixture.events(id)).doesNotContain("order.transition_refused");
  }

  @Test
  void a_report_that_the_rules_refuse_is_answered_with_an_event() {
    UUID ana = fixture.knownTechnician();
    String id = fixture.assigned(ana);

    Event report =
        fixture.publish(
            "tracking",
            "tracking.work_started",
            UUID.fromString(id),
            1,
            started(UUID.randomUUID()));
    fixture.awaitProcessed(report);

    assertThat(fixture.events(id)).last().isEqualTo("order.transition_refused");
    assertThat(api.get("/orders/" + id, fixture.token(Role.SUPERVISOR)).text("/status"))
        .isEqualTo("ASSIGNED");
  }

  @Test
  void a_technician_whom_no_event_has_told_of_is_asked_of_auth() {
    UUID known = UUID.randomUUID();
    UUID inactive = UUID.randomUUID();
    UUID client = UUID.randomUUID();
    fixture.peers.put("/users/" + known, user(known, "TECHNICIAN", true));
    fixture.peers.put("/users/" + inactive, user(inactive, "TECHNICIAN", false));
    fixture.peers.put("/users/" + client, user(client, "CLIENT", true));
    String id = fixture.open(fixture.token(Role.CLIENT));

    assertThat(assign(id, client).status()).isEqualTo(422);
    assertThat(assign(id, inactive).status()).isEqualTo(409);
    assertThat(assign(id, UUID.randomUUID()).text("/errors/0/pointer")).isEqualTo("/technicianId");
    assertThat(assign(id, known).status()).isEqualTo(200);
  }

  @Test
  void a_repair_may_be_signed_off_in_silence_once_evidence_is_there() {
    UUID ana = fixture.knownTechnician();
    String token = fixture.tokens.issue(ana, Role.TECHNICIAN);
    String id = fixture.assigned(ana);
    String signOff =
        """
        {"status": "COMPLETED", "resolution": {"code": "RESET", "outcome": "RESOLVED"}}
        """;
    assertThat(status(id, token, "{\"status\": \"IN_PROGRESS\"}").status()).isEqualTo(200);
    // What was uploaded may have been deleted since: tracking knows.
    fixture.awaitProcessed(
        fixture.publish("tracking", "tracking.evidence_uploaded", UUID.fromString(id), 2, "{}"));

    assertThat(status(id, token, signOff).text("/errors/0/pointer"))
        .isEqualTo("/resolution/comment");
    fixture.peers.put(
        "/tracking/" + id + "/evidence", "{\"items\": [{\"id\": \"%s\"}]}".formatted(ana));
    assertThat(status(id, token, signOff).status()).isEqualTo(200);
  }

  @Test
  void only_those_who_take_part_know_of_an_order() {
    UUID ana = fixture.knownTechnician();
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);

    assertThat(api.get("/orders/" + id, client).status()).isEqualTo(200);
    assertThat(api.get("/orders/" + id, fixture.token(Role.CLIENT)).status()).isEqualTo(404);
    assertThat(api.get("/orders/" + id, fixture.tokens.issue(ana, Role.TECHNICIAN)).status())
        .isEqualTo(404);
    assertThat(api.get("/orders/" + id, fixture.token(Role.ADMIN)).status()).isEqualTo(200);
    assertThat(api.get("/orders/" + id, null).status()).isEqualTo(401);
    assertThat(api.get("/orders/42", client).status()).isEqualTo(404);
    assertThat(status(id, client, "{\"status\": \"IN_PROGRESS\"}").status()).isEqualTo(409);
    assertThat(
            api.post("/orders/" + id + "/assign", client, "{\"technicianId\": \"" + ana + "\"}")
                .status())
        .isEqualTo(403);
  }

  @Test
  void an_illegal_move_says_what_is_allowed_and_a_stale_version_is_refused() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);

    Api.Answer illegal = status(id, client, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"PARTS\"}");
    Api.Answer stale =
        api.put(
            "/orders/" + id + "/status",
            client,
            "{\"status\": \"CANCELLED\", \"reason\": \"works again\"}",
            "If-Match",
            "\"7\"");
    Api.Answer silent = status(id, client, "{\"status\": \"CANCELLED\"}");
    Api.Answer cancelled =
        api.put(
            "/orders/" + id + "/status",
            client,
            "{\"status\": \"CANCELLED\", \"reason\": \"works again\"}",
            "If-Match",
            "\"1\"");

    assertThat(illegal.status()).isEqualTo(409);
    assertThat(illegal.body().at("/allowedTransitions")).hasToString("[\"CANCELLED\"]");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(silent.text("/errors/0/pointer")).isEqualTo("/reason");
    assertThat(cancelled.text("/status")).isEqualTo("CANCELLED");
    assertThat(fixture.events(id))
        .containsExactly("order.created", "order.status_changed", "order.cancelled");
  }

  @Test
  void a_bad_order_is_told_everything_that_is_wrong_at_once() {
    Api.Answer answer =
        api.post(
            "/orders",
            fixture.token(Role.CLIENT),
            """
            {"title": 7, "category": "DANCING", "priority": "P2", "zone": "",
             "address": "Calle 100", "latitude": 91, "estimatedMinutes": "90",
             "requiredSkills": [{"skill": "FIBER", "level": 9}, null],
             "windowStart": "2026-03-02T13:00:00Z", "windowEnd": "2026-03-02T12:00:00Z"}
            """);

    assertThat(answer.status()).isEqualTo(422);
    Set<String> pointers = new TreeSet<>();
    for (JsonNode error : answer.body().at("/errors")) {
      pointers.add(error.get("pointer").asText());
    }
    assertThat(pointers)
        .containsExactly(
            "/category",
            "/description",
            "/estimatedMinutes",
            "/latitude",
            "/longitude",
            "/requiredSkills/0/level",
            "/requiredSkills/1",
            "/title",
            "/windowEnd",
            "/zone");
  }

  @Test
  void clients_set_neither_P1_nor_another_customer_and_supervisors_name_the_customer() {
    String p1 = order("\"P1\"", "");
    String other = order("\"P3\"", ", \"customerId\": \"%s\"".formatted(UUID.randomUUID()));

    assertThat(api.post("/orders", fixture.token(Role.CLIENT), p1).status()).isEqualTo(403);
    assertThat(api.post("/orders", fixture.token(Role.CLIENT), other).status()).isEqualTo(403);
    assertThat(api.post("/orders", fixture.token(Role.TECHNICIAN), other).status()).isEqualTo(403);
    assertThat(api.post("/orders", fixture.token(Role.SUPERVISOR), p1).text("/errors/0/pointer"))
        .isEqualTo("/customerId");
    assertThat(api.post("/orders", fixture.token(Role.SUPERVISOR), other).status()).isEqualTo(201);
  }

  @Test
  void a_list_is_paged_without_gap_or_repeat_and_shows_only_ones_own() {
    String client = fixture.token(Role.CLIENT);
    List<String> opened = IntStream.range(0, 7).mapToObj(_ -> fixture.open(client)).toList();

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Api.Answer page = api.get("/orders?limit=3" + cursor, client);
      page.body().at("/items").forEach(item -> seen.add(item.get("id").asText()));
      cursor = page.text("/nextCursor") == null ? null : "&cursor=" + page.text("/nextCursor");
    } while (cursor != null);

    assertThat(seen).containsExactlyElementsOf(opened.reversed());
    assertThat(api.get("/orders?status=ASSIGNED", client).body().at("/items")).isEmpty();
    assertThat(api.get("/orders?customerId=" + UUID.randomUUID(), client).body().at("/items"))
        .isEmpty();
    assertThat(api.get("/orders?colour=red&limit=0&status=X&cursor=!", client).body().at("/errors"))
        .hasSize(4);
  }

  @Test
  void an_order_that_is_sent_twenty_times_under_one_key_is_opened_once() throws Exception {
    String client = fixture.token(Role.CLIENT);
    String order = order("\"P3\"", "");
    Set<String> answers = ConcurrentHashMap.newKeySet();

    List<Integer> statuses =
        together(
            Collections.nCopies(20, order),
            body -> {
              Api.Answer answer = api.post("/orders", client, body, "Idempotency-Key", "once");
              if (answer.status() == 201) {
                answers.add(answer.response().body());
              }
              return answer.status();
            });

    assertThat(statuses).contains(201).allMatch(status -> status == 201 || status == 409);
    assertThat(answers).hasSize(1);
    assertThat(api.get("/orders", client).body().at("/items")).hasSize(1);
    Api.Answer later = api.post("/orders", client, order, "Idempotency-Key", "once");
    assertThat(answers).containsExactly(later.response().body());
    assertThat(later.header("ETag")).isEqualTo("\"1\"");
    assertThat(fixture.events(later.text("/id"))).containsExactly("order.created");
  }

  @Test
  void fifty_supervisors_at_once_assign_an_order_to_one_technician() throws Exception {
    String id = fixture.open(fixture.token(Role.CLIENT));
    List<UUID> technicians =
        IntStream.range(0, 50).mapToObj(_ -> fixture.knownTechnician()).toList();

    List<Integer> answers = together(technicians, technician -> assign(id, technician).status());

    assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
    assertThat(answers).allMatch(status -> status == 200 || status == 422 || status == 503);
    assertThat(history(id)).containsExactly("CREATED", "ASSIGNED");
  }

  @Test
  void nobody_begins_two_orders_even_at_the_same_moment() throws Exception {
    UUID ana = fixture.knownTechnician();
    String token = fixture.tokens.issue(ana, Role.TECHNICIAN);
    List<String> orders = IntStream.range(0, 6).mapToObj(_ -> fixture.assigned(ana)).toList();

    List<Integer> answers =
        together(orders, id -> status(id, token, "{\"status\": \"IN_PROGRESS\"}").status());

    assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
    assertThat(answers).filteredOn(status -> status == 409).hasSize(5);
  }

  private static <T> List<Integer> together(List<T> inputs, Function<T, Integer> call)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls =
          inputs.stream().map(input -> (Callable<Integer>) () -> call.apply(input)).toList();
      return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
    }
  }

  private static Api.Answer assign(String id, UUID technician) {
    return api.post(
        "/orders/" + id + "/assign",
        fixture.token(Role.SUPERVISOR),
        "{\"technicianId\": \"%s\"}".formatted(technician));
  }

  private static Api.Answer status(String id, String token, String body) {
    return api.put("/orders/" + id + "/status", token, body);
  }

  private static String order(String priority, String more) {
    return """
    {"title": "New line", "description": "Third floor", "category": "INSTALLATION",
     "priority": %s, "zone": "BOG-SUR", "address": "Carrera 7 # 12-34"%s}
    """
        .formatted(priority, more);
  }

  private static String user(UUID id, String role, boolean active) {
    return """
    {"id": "%s", "name": "Luis Paz", "role": "%s", "active": %s, "email": "luis@example.com"}
    """
        .formatted(id, role, active);
  }

  private static String started(UUID technician) {
    return "{\"technicianId\": \"%s\"}".formatted(technician);
  }

  private static String completed(UUID technician) {
    return """
    {"technicianId": "%s", "comment": "New drop cable",
     "resolution": {"code": "CABLE_REPLACED", "outcome": "RESOLVED"}}
    """
        .formatted(technician);
  }

  private static void awaitStatus(String id, String token, String status) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(api.get("/orders/" + id, token).text("/status")).isEqualTo(status));
  }

  private static List<String> history(String id) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                "select to_status from workorder.order_history where order_id = ?::uuid order by version")
            .bind(0, id)
            .mapTo(String.class)
            .list());
  }
}
