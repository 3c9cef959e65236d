package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import com.telconova.workorder.dispatch.Dispatcher;
import com.telconova.workorder.dispatch.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DispatchIT {
  /// Monday, 10:00 in Bogotá.
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");

  private static WorkorderFixture fixture;
  private static Api api;
  private static String supervisor;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start(CLOCK);
    api = fixture.api;
    supervisor = fixture.token(Role.SUPERVISOR);
    // What other tests left open would be dispatched as well.
    fixture.database.useHandle(handle ->
        handle.execute(
            """
            update workorder.work_order
            set status = 'CANCELLED', cancel_reason = 'test', ended_at = now()
            where status = 'CREATED'
            """));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void a_dry_run_shows_what_a_dispatch_then_does_and_changes_nothing() throws Exception {
    String skill = "S-" + UUID.randomUUID();
    List<String> technicians = List.of(technician(skill), technician(skill));
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      orders.add(open(skill));
    }
    String impossible = open("S-" + UUID.randomUUID());

    JsonNode dry = api.send("POST", "/dispatch?dryRun=true", supervisor, null).body();
    assertThat(statuses(orders)).containsOnly("CREATED");
    JsonNode done = api.send("POST", "/dispatch", supervisor, null).body();

    assertThat(dry.at("/dryRun").asBoolean()).isTrue();
    assertThat(dry.has("decisionId")).isFalse();
    assertThat(done.at("/assigned")).isEqualTo(dry.at("/assigned"));
    assertThat(done.at("/method").asText()).isIn("OPTIMAL_ROUNDS", "GREEDY");
    assertThat(done.at("/skipped")).isEmpty();
    assertThat(done.at("/unassigned/0/orderId").asText()).isEqualTo(impossible);
    assertThat(done.at("/unassigned/0/rules/SKILLS").asInt())
        .isEqualTo(done.at("/technicians").asInt());
    assertThat(statuses(orders)).containsOnly("ASSIGNED");
    Map<String, Integer> loads = new HashMap<>();
    for (JsonNode each : done.at("/assigned")) {
      loads.merge(each.at("/technicianId").asText(), 1, Integer::sum);
    }
    assertThat(loads).containsOnlyKeys(technicians).containsValues(2, 3);
    assertThat(replayed(done.at("/decisionId").asText())).isTrue();
    api.put(
        "/orders/" + impossible + "/status",
        supervisor,
        "{\"status\": \"CANCELLED\", \"reason\": \"impossible\"}");
  }

  @Test
  void two_dispatches_at_once_give_each_order_once() throws InterruptedException {
    String skill = "S-" + UUID.randomUUID();
    String technician = technician(skill);
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      orders.add(open(skill));
    }
    List<JsonNode> answers = new ArrayList<>();

    List<Thread> threads =
        List.of(
            Thread.ofVirtual().unstarted(() -> dispatchInto(answers)),
            Thread.ofVirtual().unstarted(() -> dispatchInto(answers)));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    int given = answers.stream().mapToInt(answer -> answer.at("/assigned").size()).sum();
    assertThat(statuses(orders).stream().filter("ASSIGNED"::equals)).hasSize(given);
    assertThat(given).isBetween(1, 6);
    assertThat(api.get("/technicians/" + technician, supervisor).text("/load/openOrders"))
        .isEqualTo(Integer.toString(given));
    dispatchInto(answers);
    assertThat(statuses(orders)).containsOnly("ASSIGNED");
  }

  @Test
  void only_supervisors_dispatch_and_the_parameter_is_checked() {
    assertThat(api.send("POST", "/dispatch", fixture.token(Role.CLIENT), null).status())
        .isEqualTo(403);
    assertThat(api.send("POST", "/dispatch?dryRun=1", supervisor, null).status()).isEqualTo(400);
    assertThat(api.send("POST", "/dispatch?dryRun=true", fixture.token(Role.ADMIN), null).status())
        .isEqualTo(200);
  }

  private static void dispatchInto(List<JsonNode> answers) {
    JsonNode answer = api.send("POST", "/dispatch", supervisor, null).body();
    synchronized (answers) {
      answers.add(answer);
    }
  }

  private static boolean replayed(String decision) throws Exception {
    Map<String, Object> row =
        fixture.database.withHandle(handle ->
            handle
                .createQuery(
                    """
                    select inputs::text, answer::text from workorder.assignment_decision
                    where id = ?::uuid
                    """)
                .bind(0, decision)
                .mapToMap()
                .one());
    Task task = Mappers.TOLERANT.readValue(row.get("inputs").toString(), Task.class);
    return Mappers.TOLERANT.writeValueAsString(Dispatcher.plan(task)).equals(row.get("answer"));
  }

  private static List<String> statuses(List<String> orders) {
    return orders.stream().map(id -> api.get("/orders/" + id, supervisor).text("/status")).toList();
  }

  private static String technician(String skill) {
    UUID id = fixture.knownTechnician();
    api.post(
        "/technicians",
        supervisor,
        "{\"id\": \"%s\", \"skills\": [{\"skill\": \"%s\", \"level\": 2}]}".formatted(id, skill));
    return id.toString();
  }

  private static String open(String skill) {
    return api.post(
            "/orders",
            fixture.token(Role.CLIENT),
            """
            {"title": "No internet since noon", "description": "The router blinks red",
             "category": "REPAIR", "priority": "P2", "zone": "BOG-NORTE",
             "address": "Calle 100 # 8-60",
             "requiredSkills": [{"skill": "%s", "level": 2}]}
            """
                .formatted(skill))
        .text("/id");
  }
}
