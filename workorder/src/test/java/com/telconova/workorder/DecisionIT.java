package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Why an order was given to whom, asked with nothing but HTTP.
final class DecisionIT {
  /// Monday, 10:00 in Bogotá.
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");

  private static WorkorderFixture fixture;
  private static Api api;
  private static String supervisor;

  /// Only the technicians of one test have it.
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
  void why_not_somebody_else_is_answered_by_the_decision_of_the_engine() {
    UUID near = technician(2, 4.681);
    UUID far = technician(2, 4.9);
    String id = open();
    assign(id, "{}");

    JsonNode decision = decision(fixture.decision(id));

    assertThat(decision.at("/kind").asText()).isEqualTo("ENGINE");
    assertThat(decision.at("/orderId").asText()).isEqualTo(id);
    assertThat(decision.at("/technicianId").asText()).isEqualTo(near.toString());
    assertThat(decision.at("/answer/candidates/1/technicianId").asText()).isEqualTo(far.toString());
    assertThat(decision.at("/answer/candidates/1/points/travel").asInt()).isLessThan(90);
    assertThat(decision.at("/replay/same").asBoolean()).isTrue();
    assertThat(decision.at("/replay/answer")).isEqualTo(decision.at("/answer"));
  }

  @Test
  void what_a_supervisor_overrode_and_what_a_dispatch_planned_are_replayed_too() {
    UUID unskilled = technician(1, 4.7);
    String id = open();
    assign(id, "{\"technicianId\": \"%s\", \"reason\": \"nobody else\"}".formatted(unskilled));
    technician(2, 4.7);
    api.put(
        "/orders/" + id + "/status",
        supervisor,
        "{\"status\": \"CREATED\", \"reason\": \"on second thoughts\"}");
    String dispatch = api.post("/dispatch", supervisor, null).text("/decisionId");

    JsonNode list = api.get("/orders/" + id + "/decisions", supervisor).body();
    JsonNode override = decision(list.at("/items/0/id").asText());
    JsonNode plan = decision(dispatch);

    assertThat(list.at("/items")).hasSize(2);
    assertThat(list.at("/items/0/kind").asText()).isEqualTo("SUPERVISOR");
    assertThat(list.at("/items/0/technicianId").asText()).isEqualTo(unskilled.toString());
    assertThat(list.at("/items/1/kind").asText()).isEqualTo("DISPATCH");
    assertThat(list.at("/items/1/id").asText()).isEqualTo(dispatch);
    assertThat(list.at("/items/1/technicianId").asText()).isNotEqualTo(unskilled.toString());
    assertThat(override.at("/answer/candidates/0/excludedBy/0/rule").asText()).isEqualTo("SKILLS");
    assertThat(override.at("/replay/same").asBoolean()).isTrue();
    assertThat(plan.has("orderId")).isFalse();
    assertThat(plan.at("/replay/same").asBoolean()).isTrue();
  }

  @Test
  void whoever_tampers_with_what_was_kept_is_seen() {
    technician(2, 4.7);
    String id = open();
    assign(id, "{}");
    String decision = fixture.decision(id);
    assertThat(decision(decision).at("/replay/same").asBoolean()).isTrue();

    tamper(decision, "inputs = replace(inputs::text, '\"level\":2', '\"level\":5')::json");
    JsonNode inputs = decision(decision);
    tamper(decision, "inputs = '{\"now\": [1, \"no\"]}'");
    JsonNode nonsense = decision(decision);

    assertThat(inputs.at("/replay/same").asBoolean()).isFalse();
    assertThat(inputs.at("/replay/answer")).isNotEqualTo(inputs.at("/answer"));
    assertThat(nonsense.at("/replay/same").asBoolean()).isFalse();
    assertThat(nonsense.at("/replay").has("answer")).isFalse();
  }

  @Test
  void a_tampered_answer_is_seen_as_well() {
    technician(2, 4.7);
    String id = open();
    assign(id, "{}");
    String decision = fixture.decision(id);

    tamper(decision, "answer = replace(answer::text, '\"score\":', '\"score\": ')::json");

    assertThat(decision(decision).at("/replay/same").asBoolean()).as("one blank more").isFalse();
  }

  @Test
  void the_list_comes_in_pages() {
    List<UUID> technicians = List.of(technician(2, 4.7), technician(2, 4.8), technician(2, 4.9));
    String id = open();
    for (UUID each : technicians) {
      assign(id, "{\"technicianId\": \"%s\", \"reason\": \"as planned\"}".formatted(each));
    }

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = api.get("/orders/" + id + "/decisions?limit=1" + cursor, supervisor).body();
      seen.add(page.at("/items/0/technicianId").asText());
      cursor = page.has("nextCursor") ? "&cursor=" + page.at("/nextCursor").asText() : "";
    } while (!cursor.isEmpty());

    assertThat(seen).isEqualTo(technicians.stream().map(UUID::toString).toList());
  }

  @Test
  void an_unknown_order_and_an_unknown_decision_are_not_found() {
    assertThat(api.get("/orders/" + UUID.randomUUID() + "/decisions", supervisor).status())
        .isEqualTo(404);
    assertThat(api.get("/decisions/" + UUID.randomUUID(), supervisor).status()).isEqualTo(404);
  }

  private static JsonNode decision(String id) {
    Api.Answer answer = api.get("/decisions/" + id, supervisor);
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static void tamper(String decision, String change) {
    int changed =
        fixture.database.withHandle(handle ->
            handle.execute(
                "update workorder.assignment_decision set " + change + " where id = ?::uuid",
                decision));
    assertThat(changed).isEqualTo(1);
  }

  private static void assign(String id, String body) {
    assertThat(api.post("/orders/" + id + "/assign", supervisor, body).status()).isEqualTo(200);
  }

  private UUID technician(int level, double latitude) {
    UUID id = fixture.knownTechnician();
    api.post(
        "/technicians",
        supervisor,
        """
        {"id": "%s", "latitude": %s, "longitude": -74.05,
         "skills": [{"skill": "%s", "level": %d}]}
        """
            .formatted(id, latitude, skill, level));
    return id;
  }

  private String open() {
    return api.post(
            "/orders",
            fixture.token(Role.CLIENT),
            """
            {"title": "No internet since noon", "description": "The router blinks red",
             "category": "REPAIR", "priority": "P2", "zone": "BOG-NORTE",
             "address": "Calle 100 # 8-60", "latitude": 4.68, "longitude": -74.05,
             "requiredSkills": [{"skill": "%s", "level": 2}]}
            """
                .formatted(skill))
        .text("/id");
  }
}
