package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AssignmentIT {
  /// Monday, 10:00 in Bogotá.
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");

  private static WorkorderFixture fixture;
  private static Api api;
  private static String supervisor;

  /// Only the technicians of one test have it, so that tests do not take each other's.
  private String skill;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start(CLOCK);
    api = fixture.api;
    supervisor = fixture.token(Role.SUPERVISOR);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void another_skill() {
    skill = "S-" + UUID.randomUUID();
  }

  @Test
  void without_a_technician_the_engine_sends_the_best() {
    UUID far = technician(2, "4.9, -74.0");
    UUID near = technician(2, "4.681, -74.051");
    technician(1, "4.68, -74.05");
    String id = open("P2", "");

    JsonNode candidates = api.get("/orders/" + id + "/candidates", supervisor).body();
    Api.Answer assigned = api.send("POST", "/orders/" + id + "/assign", supervisor, null);

    assertThat(candidates.at("/candidates/0/technicianId").asText()).isEqualTo(near.toString());
    assertThat(candidates.at("/candidates/1/technicianId").asText()).isEqualTo(far.toString());
    assertThat(candidates.at("/candidates/0/score").asInt())
        .isGreaterThan(candidates.at("/candidates/1/score").asInt());
    assertThat(candidates.at("/candidates/0/points/travel").asInt()).isEqualTo(99);
    assertThat(candidates.at("/candidates/2/excludedBy/0/rule").asText()).isEqualTo("SKILLS");
    assertThat(candidates.at("/policyVersion").asInt()).isEqualTo(2);
    assertThat(assigned.status()).isEqualTo(200);
    assertThat(assigned.text("/technicianId")).isEqualTo(near.toString());
    assertThat(fixture.events(id))
        .containsExactly(
            "order.created", "order.assigned", "technician.assigned", "order.status_changed");
  }

  @Test
  void the_history_names_the_decision() {
    technician(2, "4.9, -74.0");
    String id = open("P3", "");
    api.post("/orders/" + id + "/assign", supervisor, "{}");

    JsonNode history = api.get("/orders/" + id + "/history", fixture.token(Role.ADMIN)).body();

    assertThat(history.at("/items/0").has("decisionId")).isFalse();
    assertThat(history.at("/items/1/decisionId").asText()).isEqualTo(fixture.decision(id));
  }

  @Test
  void when_nobody_can_be_sent_the_answer_counts_the_rules_that_forbid_it() {
    UUID away = technician(5, "4.7, -74.0");
    api.put("/technicians/" + away + "/availability", supervisor, "{\"available\": false}");
    String id = open("P2", "");

    Api.Answer nobody = api.post("/orders/" + id + "/assign", supervisor, "{}");

    assertThat(nobody.status()).isEqualTo(409);
    assertThat(nobody.body().at("/rules/AVAILABLE").asInt()).isPositive();
    assertThat(nobody.body().at("/rules/SKILLS").asInt())
        .isGreaterThanOrEqualTo(nobody.body().at("/technicians").asInt() - 1);
    assertThat(api.get("/orders/" + id, supervisor).text("/status")).isEqualTo("CREATED");
  }

  @Test
  void a_reason_overrides_every_hard_rule_but_unknown_and_inactive() {
    UUID elsewhere = technician(1, "4.7, -74.0");
    UUID inactive = UUID.randomUUID();
    fixture.database.useHandle(handle ->
        handle.execute(
            "insert into workorder.technician values (?, 'Luis Paz', false, 1)", inactive));
    String id = open("P2", "");

    Api.Answer refused = assign(id, elsewhere, null);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("/excludedBy/0/rule")).isEqualTo("SKILLS");
    assertThat(refused.text("/detail")).contains(skill + " at level 2");
    assertThat(assign(id, inactive, "no matter what").status()).isEqualTo(422);
    assertThat(assign(id, UUID.randomUUID(), "no matter what").status()).isEqualTo(422);
    assertThat(assign(id, elsewhere, "nobody else").text("/technicianId"))
        .isEqualTo(elsewhere.toString());
    assertThat(api.get("/orders/" + id + "/history", supervisor).text("/items/1/reason"))
        .isEqualTo("nobody else");
  }

  @Test
  void whoever_declined_is_not_chosen_again() {
    UUID first = technician(2, "4.681, -74.051");
    UUID second = technician(2, "4.9, -74.0");
    String id = open("P2", "");
    api.post("/orders/" + id + "/assign", supervisor, "{}");
    api.put(
        "/orders/" + id + "/status",
        fixture.tokens.issue(first, Role.TECHNICIAN),
        "{\"status\": \"CREATED\", \"reason\": \"ill today\"}");

    assertThat(api.post("/orders/" + id + "/assign", supervisor, "{}").text("/technicianId"))
        .isEqualTo(second.toString());
    assertThat(assign(id, first, null).text("/errors/0/pointer")).isEqualTo("/reason");
  }

  @Test
  void to_take_an_order_from_a_technician_the_engine_needs_a_reason_too() {
    UUID first = technician(2, "4.681, -74.051");
    UUID second = technician(2, "4.9, -74.0");
    String id = open("P2", "");
    assign(id, first, null);

    assertThat(api.post("/orders/" + id + "/assign", supervisor, "{}").text("/errors/0/pointer"))
        .isEqualTo("/reason");
    assertThat(
            api.post("/orders/" + id + "/assign", supervisor, "{\"reason\": \"too far away\"}")
                .text("/technicianId"))
        .isEqualTo(second.toString());
  }

  @Test
  void work_in_hand_that_rested_takes_as_long_as_it_did_before() {
    UUID technician = technician(2, "4.68, -74.05");
    String begun = open("P2", "");
    assign(begun, technician, null);
    fixture.database.useHandle(handle ->
        handle.execute(
            """
            update workorder.work_order
            set status = 'IN_PROGRESS', held_seconds = 7200,
                arrived_at = timestamptz '2026-03-02T15:00:00Z' - interval '130 minutes'
            where id = ?::uuid
            """,
            begun));
    String next = open("P2", "");

    JsonNode first =
        api.get("/orders/" + next + "/candidates", supervisor).body().at("/candidates/0");

    assertThat(first.at("/technicianId").asText()).isEqualTo(technician.toString());
    assertThat(first.at("/arrivesAt").asText())
        .as("ten of its sixty minutes are over, and the way is none")
        .isEqualTo("2026-03-02T15:50:00Z");
  }

  @Test
  void an_ended_order_has_no_candidates_and_strangers_may_not_ask() {
    String id = open("P2", "");
    assertThat(api.get("/orders/" + id + "/candidates", fixture.token(Role.CLIENT)).status())
        .isEqualTo(403);
    assertThat(api.get("/orders/" + UUID.randomUUID() + "/candidates", supervisor).status())
        .isEqualTo(404);

    api.put(
        "/orders/" + id + "/status",
        supervisor,
        "{\"status\": \"CANCELLED\", \"reason\": \"works again\"}");

    assertThat(api.get("/orders/" + id + "/candidates", supervisor).status()).isEqualTo(409);
    assertThat(api.post("/orders/" + id + "/assign", supervisor, "{}").status()).isEqualTo(409);
  }

  @Test
  void fifty_assignments_at_once_book_nobody_beyond_their_day() throws Exception {
    // Three technicians with room for four hours each: twelve of the fifty orders.
    for (int i = 0; i < 3; i++) {
      UUID id = technician(2, "4.7, -74.0" + i);
      api.put(
          "/technicians/" + id,
          supervisor,
          """
          {"capacityMinutes": 240, "skills": [{"skill": "%s", "level": 2}]}
          """
              .formatted(skill));
    }
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      orders.add(open("P2", ""));
    }

    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (String id : orders) {
        calls.add(() -> assignUntilAnswered(id, "{}"));
      }
      for (Future<Integer> answer : threads.invokeAll(calls)) {
        answers.add(answer.resultNow());
      }
    }

    assertThat(answers).filteredOn(status -> status == 200).hasSize(12);
    assertThat(answers).filteredOn(status -> status == 409).hasSize(38);
    assertThat(minutesByTechnician()).containsOnly(240L).hasSize(3);
  }

  @Test
  void supervisors_who_choose_the_same_technician_at_once_do_not_book_them_beyond_their_day()
      throws Exception {
    UUID technician = technician(2, "4.7, -74.0");
    String body = "{\"technicianId\": \"%s\"}".formatted(technician);

    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String id = open("P2", "");
        calls.add(() -> assignUntilAnswered(id, body));
      }
      for (Future<Integer> answer : threads.invokeAll(calls)) {
        answers.add(answer.resultNow());
      }
    }

    assertThat(answers).filteredOn(status -> status == 200).hasSize(8);
    assertThat(answers).filteredOn(status -> status == 409).hasSize(12);
    assertThat(minutesByTechnician()).containsExactly(480L);
  }

  private static int assignUntilAnswered(String id, String body) {
    while (true) {
      int status = api.post("/orders/" + id + "/assign", supervisor, body).status();
      if (status != 503) {
        return status;
      }
    }
  }

  private List<Long> minutesByTechnician() {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                select sum(estimated_minutes) from workorder.work_order
                where required_skills::text like '%' || ? || '%' and status = 'ASSIGNED'
                group by technician_id
                """)
            .bind(0, skill)
            .mapTo(Long.class)
            .list());
  }

  private UUID technician(int level, String position) {
    UUID id = fixture.knownTechnician();
    String[] degrees = position.split(", ");
    Api.Answer set =
        api.post(
            "/technicians",
            supervisor,
            """
            {"id": "%s", "latitude": %s, "longitude": %s,
             "skills": [{"skill": "%s", "level": %d}]}
            """
                .formatted(id, degrees[0], degrees[1], skill, level));
    assertThat(set.status()).isEqualTo(201);
    return id;
  }

  private String open(String priority, String more) {
    return api.post(
            "/orders",
            fixture.token(Role.CLIENT),
            """
            {"title": "No internet since noon", "description": "The router blinks red",
             "category": "REPAIR", "priority": "%s", "zone": "BOG-NORTE",
             "address": "Calle 100 # 8-60", "latitude": 4.68, "longitude": -74.05,
             "requiredSkills": [{"skill": "%s", "level": 2}]%s}
            """
                .formatted(priority, skill, more))
        .text("/id");
  }

  private static Api.Answer assign(String id, UUID technician, String reason) {
    return api.post(
        "/orders/" + id + "/assign",
        supervisor,
        reason == null
            ? "{\"technicianId\": \"%s\"}".formatted(technician)
            : "{\"technicianId\": \"%s\", \"reason\": \"%s\"}".formatted(technician, reason));
  }
}
