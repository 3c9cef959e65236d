package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SlaIT {
  /// Monday, 10:00 in Bogotá.
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");

  private static WorkorderFixture fixture;
  private static WorkorderFixture other;
  private static Api api;

  /// Two instances on one database: both watch.
  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start(CLOCK);
    other = WorkorderFixture.start(CLOCK);
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    other.close();
    fixture.close();
  }

  @Test
  void two_instances_tell_each_warning_and_each_breach_once() {
    List<String> orders = new ArrayList<>();
    String client = fixture.token(Role.CLIENT);
    for (int i = 0; i < 40; i++) {
      orders.add(fixture.open(client));
    }

    CLOCK.advance(Duration.ofMinutes(23));
    await().until(() -> count(orders, "sla.warning") == 40);
    assertThat(count(orders, "sla.breached")).isZero();
    CLOCK.advance(Duration.ofHours(10));
    await().until(() -> count(orders, "sla.breached") == 120);
    CLOCK.advance(Duration.ofHours(10));
    awaitAnotherPass();

    for (String order : orders) {
      assertThat(told(order))
          .containsExactlyInAnyOrder(
              "sla.warning ASSIGN",
              "sla.breached ASSIGN",
              "sla.warning ARRIVE",
              "sla.breached ARRIVE",
              "sla.warning RESOLVE",
              "sla.breached RESOLVE");
    }
  }

  @Test
  void an_order_shows_its_promises_and_is_found_by_them() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);
    String now = CLOCK.instant().toString();
    String later = CLOCK.instant().plus(Duration.ofMinutes(31)).toString();

    JsonNode sla = api.get("/orders/" + id, client).body().at("/sla");
    assertThat(sla.at("/state").asText()).isEqualTo("OK");
    assertThat(sla.at("/assignBy").asText())
        .isEqualTo(CLOCK.instant().plus(Duration.ofMinutes(30)).toString());
    assertThat(found(client, "dueBefore=" + now)).isZero();
    assertThat(found(client, "dueBefore=" + later)).isEqualTo(1);
    assertThat(found(client, "breached=false")).isEqualTo(1);

    CLOCK.advance(Duration.ofMinutes(31));
    client = fixture.tokens.issue(customer(id), Role.CLIENT);
    assertThat(api.get("/orders/" + id, client).text("/sla/state")).isEqualTo("BREACHED");
    assertThat(found(client, "breached=true")).isEqualTo(1);
    assertThat(found(client, "breached=false")).isZero();
  }

  @Test
  void the_clock_stands_still_while_the_customer_keeps_us_waiting() {
    UUID ana = fixture.knownTechnician();
    String id = fixture.assigned(ana);
    status(id, ana, "{\"status\": \"IN_PROGRESS\"}");
    CLOCK.advance(Duration.ofHours(1));
    Api.Answer paused = status(id, ana, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"CUSTOMER\"}");
    CLOCK.advance(Duration.ofDays(2));
    awaitAnotherPass();
    Api.Answer again = status(id, ana, "{\"status\": \"IN_PROGRESS\"}");

    assertThat(paused.text("/sla/state")).isEqualTo("PAUSED");
    assertThat(paused.text("/sla/resolveBy")).isNull();
    assertThat(told(id)).isEmpty();
    assertThat(again.text("/sla/state")).isEqualTo("OK");
    assertThat(again.text("/sla/resolveBy"))
        .isEqualTo(CLOCK.instant().plus(Duration.ofHours(7)).toString());
  }

  @Test
  void the_watch_goes_on_past_an_order_that_was_nearly_due_when_it_came_to_rest() {
    UUID ana = fixture.knownTechnician();
    String id = fixture.assigned(ana);
    status(id, ana, "{\"status\": \"IN_PROGRESS\"}");
    CLOCK.advance(Duration.ofHours(7));

    status(id, ana, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"CUSTOMER\"}");

    awaitAnotherPass();
    status(id, ana, "{\"status\": \"IN_PROGRESS\"}");
    await().untilAsserted(() -> assertThat(told(id)).containsExactly("sla.warning RESOLVE"));
  }

  @Test
  void an_order_that_turns_urgent_may_be_late_at_once() {
    String supervisor = fixture.token(Role.SUPERVISOR);
    String id = fixture.open(fixture.token(Role.CLIENT));
    CLOCK.advance(Duration.ofMinutes(20));
    supervisor = fixture.token(Role.SUPERVISOR);

    Api.Answer urgent =
        api.put(
            "/orders/" + id,
            supervisor,
            """
            {"title": "No internet", "description": "Hospital", "priority": "P1",
             "zone": "BOG-NORTE", "address": "Calle 100 # 8-60"}
            """,
            "If-Match",
            "*");

    assertThat(urgent.text("/sla/state")).isEqualTo("BREACHED");
    await()
        .untilAsserted(
            () -> assertThat(told(id)).contains("sla.warning ASSIGN", "sla.breached ASSIGN"));
  }

  /// Whoever opened the order.
  private static UUID customer(String id) {
    return UUID.fromString(api.get("/orders/" + id, fixture.token(Role.ADMIN)).text("/customerId"));
  }

  private static int found(String token, String filter) {
    return api.get("/orders?" + filter, token).body().at("/items").size();
  }

  private static Api.Answer status(String id, UUID technician, String body) {
    return api.put(
        "/orders/" + id + "/status", fixture.tokens.issue(technician, Role.TECHNICIAN), body);
  }

  /// An order that is due now is looked at by somebody, so a pass has been.
  private static void awaitAnotherPass() {
    String id = fixture.open(fixture.token(Role.CLIENT));
    CLOCK.advance(Duration.ofMinutes(31));
    await().until(() -> told(id).contains("sla.breached ASSIGN"));
  }

  private static long count(List<String> orders, String type) {
    return orders.stream().flatMap(id -> told(id).stream()).filter(e -> e.startsWith(type)).count();
  }

  private static List<String> told(String id) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                select type || ' ' || (data ->> 'target') from workorder.outbox
                where aggregate_id = ?::uuid and type like 'sla.%' order by sequence
                """)
            .bind(0, id)
            .mapTo(String.class)
            .list());
  }
}
