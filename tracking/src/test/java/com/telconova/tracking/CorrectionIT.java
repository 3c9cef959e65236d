package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CorrectionIT {
  private static TrackingFixture fixture;

  private final UUID technician = UUID.randomUUID();
  private String token;
  private String supervisor;
  private UUID order;

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void an_order() {
    order = fixture.orderOf(technician);
    token = fixture.tokens.issue(technician, Role.TECHNICIAN);
    supervisor = fixture.token(Role.SUPERVISOR);
  }

  @Test
  void minutes_are_corrected_by_an_entry_that_names_the_report_and_says_why() {
    String update = report("{\"kind\": \"PROGRESS\", \"minutes\": 90}");

    Api.Answer first = correct(update, token, 45, "  I had counted the lunch break ");
    Api.Answer second = correct(update, supervisor, 50, "The access log says ten to nine");

    assertThat(first.status()).as(first.body().toString()).isEqualTo(200);
    assertThat(first.text("/type")).isEqualTo("tracking.update_corrected");
    assertThat(first.text("/data/updateId")).isEqualTo(update);
    assertThat(first.body().at("/data/previousMinutes").asInt()).isEqualTo(90);
    assertThat(first.text("/data/justification")).isEqualTo("I had counted the lunch break");
    assertThat(second.body().at("/data/previousMinutes").asInt()).isEqualTo(45);
    assertThat(timeline().findValuesAsText("type"))
        .containsExactly(
            "tracking.progress.updated", "tracking.update_corrected", "tracking.update_corrected");
    assertThat(timeline().at("/items/0/data/minutes").asInt())
        .as("what was reported stays")
        .isEqualTo(90);
    assertThat(
            fixture
                .api
                .get("/tracking/" + order + "/verify", supervisor)
                .body()
                .at("/valid")
                .asBoolean())
        .isTrue();
  }

  @Test
  void only_minutes_that_were_reported_can_be_corrected_and_only_to_others() {
    String silent = report("{\"kind\": \"NOTE\", \"comment\": \"Nobody at home\"}");
    String update = report("{\"kind\": \"PROGRESS\", \"minutes\": 90}");
    String corrected = correct(update, token, 45, "I had counted the lunch break").text("/id");

    Api.Answer same = correct(update, token, 45, "I had counted the lunch break");
    Api.Answer short_ = correct(update, token, 2000, "no reason");

    assertThat(correct(silent, token, 30, "It took half an hour").status()).isEqualTo(409);
    assertThat(same.status()).isEqualTo(422);
    assertThat(same.text("/errors/0/pointer")).isEqualTo("/minutes");
    assertThat(short_.body().at("/errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/minutes", "/justification");
    assertThat(correct(corrected, token, 30, "It took half an hour").status()).isEqualTo(404);
    assertThat(correct(UUID.randomUUID().toString(), token, 30, "It took half an hour").status())
        .isEqualTo(404);
  }

  @Test
  void a_technician_corrects_their_own_until_the_order_ends_and_a_supervisor_afterwards_too() {
    String update = report("{\"kind\": \"PROGRESS\", \"minutes\": 90}");
    UUID successor = UUID.randomUUID();

    set("technician_id", successor);
    Api.Answer byAnother =
        correct(
            update, fixture.tokens.issue(successor, Role.TECHNICIAN), 10, "That was not so long");
    set("technician_id", technician);
    fixture.database.useHandle(handle ->
        handle.execute(
            "update tracking.participant_order set status = 'COMPLETED' where order_id = ?",
            order));

    assertThat(byAnother.status()).isEqualTo(403);
    assertThat(correct(update, token, 45, "I had counted the lunch break").status()).isEqualTo(409);
    assertThat(correct(update, supervisor, 45, "As the technician told me").status())
        .isEqualTo(200);
    assertThat(correct(update, fixture.token(Role.TECHNICIAN), 45, "I am a stranger").status())
        .isEqualTo(404);
  }

  @Test
  void of_corrections_at_the_same_moment_each_names_what_stood_before_it() throws Exception {
    String update = report("{\"kind\": \"PROGRESS\", \"minutes\": 1000}");
    List<Future<Api.Answer>> answers = new ArrayList<>();
    try (ExecutorService everybody = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        int minutes = i;
        answers.add(
            everybody.submit(() -> correct(update, token, minutes, "One of ten at a time")));
      }
    }
    for (Future<Api.Answer> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(200);
    }

    int standing = 1000;
    for (JsonNode entry : timeline().at("/items")) {
      if (entry.at("/type").asText().equals("tracking.update_corrected")) {
        assertThat(entry.at("/data/previousMinutes").asInt()).isEqualTo(standing);
        standing = entry.at("/data/minutes").asInt();
      }
    }
    assertThat(timeline().at("/items")).hasSize(11);
  }

  private String report(String json) {
    Api.Answer answer = fixture.api.post("/tracking/" + order + "/update", token, json);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    return answer.text("/id");
  }

  private Api.Answer correct(String update, String as, int minutes, String justification) {
    return fixture.api.send(
        "PATCH",
        "/tracking/%s/updates/%s".formatted(order, update),
        as,
        "{\"minutes\": %d, \"justification\": \"%s\"}".formatted(minutes, justification));
  }

  /// By the order of the chain, which is that of corrections made at one moment.
  private JsonNode timeline() {
    return fixture.api.get("/tracking/" + order + "?limit=100", supervisor).body();
  }

  private void set(String column, UUID value) {
    fixture.database.useHandle(handle ->
        handle.execute(
            "update tracking.participant_order set " + column + " = ? where order_id = ?",
            value,
            order));
  }
}
