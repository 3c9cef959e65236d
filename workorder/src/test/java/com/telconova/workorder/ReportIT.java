package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ReportIT {
  /// Monday, 10:00 in Bogotá, in a month that no other test uses.
  private static final HandClock CLOCK = new HandClock("2027-03-01T15:00:00Z");

  private static WorkorderFixture fixture;
  private static Api api;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start(CLOCK);
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void figures_tell_how_the_orders_of_a_period_fared() {
    String zone = "Z-" + UUID.randomUUID();
    UUID ana = fixture.knownTechnician();
    String from = CLOCK.instant().toString();
    String fixed = open(zone, "P2", "No internet");
    String parts = open(zone, "P2", "No signal");
    open(zone, "P2", "Nobody comes");

    // The one: assigned after 10 minutes, begun after 20, completed after 80.
    CLOCK.advance(Duration.ofMinutes(10));
    fixture.assign(fixed, ana);
    CLOCK.advance(Duration.ofMinutes(10));
    status(fixed, ana, "{\"status\": \"IN_PROGRESS\"}");
    CLOCK.advance(Duration.ofMinutes(60));
    complete(fixed, ana);
    // The other: assigned too late, an hour of waiting for parts, completed after 260.
    fixture.assign(parts, ana);
    status(parts, ana, "{\"status\": \"IN_PROGRESS\"}");
    CLOCK.advance(Duration.ofMinutes(60));
    status(parts, ana, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"PARTS\"}");
    CLOCK.advance(Duration.ofMinutes(60));
    status(parts, ana, "{\"status\": \"IN_PROGRESS\"}");
    CLOCK.advance(Duration.ofMinutes(60));
    complete(parts, ana);
    CLOCK.advance(Duration.ofHours(4));

    String to = CLOCK.instant().toString();
    JsonNode group = group("from=" + from + "&to=" + to + "&groupBy=zone", zone);
    assertThat(group.at("/opened").asInt()).isEqualTo(3);
    assertThat(group.at("/completed").asInt()).isEqualTo(2);
    assertThat(group.at("/meanMinutesToAssign").asDouble()).isEqualTo((10 + 80) / 2.0);
    assertThat(group.at("/meanMinutesToResolve").asDouble()).isEqualTo((80 + 260) / 2.0);
    assertThat(group.at("/meanMinutesToResolveWithoutHolds").asDouble())
        .isEqualTo((80 + 200) / 2.0);
    assertThat(group.at("/firstTimeFixRate").asDouble()).isEqualTo(0.5);
    assertThat(group.at("/slaCompliance/assign").asDouble()).isEqualTo(0.3333);
    assertThat(group.at("/slaCompliance/arrive").asDouble()).isEqualTo(0.6667);
    assertThat(group.at("/slaCompliance/resolve").asDouble()).isEqualTo(0.6667);
    assertThat(group.at("/lateArrivals").asInt()).isZero();
    assertThat(group.at("/backlog/under1Day").asInt()).isEqualTo(1);
    assertThat(group.has("utilisation")).as("of a zone there is none").isFalse();

    CLOCK.advance(Duration.ofDays(1));
    JsonNode hers =
        group("from=" + from + "&to=" + CLOCK.instant() + "&groupBy=technician", ana.toString());
    // Two hours and an hour at work, of eight on one business day.
    assertThat(hers.at("/utilisation").asDouble()).isEqualTo(0.375);
  }

  @Test
  void an_export_has_every_order_as_a_line_and_no_formula() {
    String zone = "Z-" + UUID.randomUUID();
    for (int i = 0; i < 3; i++) {
      open(zone, "P3", "=HYPERLINK(\\\"http://evil\\\", \\\"x\\\")");
    }

    Api.Answer answer = api.get("/orders/export?format=csv&zone=" + zone, supervisor());

    List<String> lines = answer.response().body().lines().toList();
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
    assertThat(answer.header("Content-Disposition")).contains("orders.csv");
    assertThat(answer.response().body()).contains("\r\n");
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst())
        .isEqualTo(
            "id,code,customerId,title,description,category,priority,zone,address,latitude,"
                + "longitude,estimatedMinutes,windowStart,windowEnd,status,technicianId,createdAt,"
                + "updatedAt,endedAt,assignBy,arriveBy,resolveBy,slaState,resolutionCode,"
                + "resolutionOutcome");
    assertThat(lines.get(1))
        .contains("\"'=HYPERLINK(\"\"http://evil\"\", \"\"x\"\")\"")
        .contains(",4.68,-74.05,60,,,CREATED,,2027-03-")
        .endsWith(",OK,,");
  }

  @Test
  void an_export_of_many_orders_comes_from_a_cursor() {
    String zone = "Z-" + UUID.randomUUID();
    String id = open(zone, "P3", "One of many");
    fixture.database.useHandle(handle ->
        handle
            .createUpdate(
                """
                insert into workorder.work_order (
                  id, code, customer_id, title, description, category, priority, zone, address,
                  required_skills, estimated_minutes, status, version, created_by, created_at,
                  updated_at)
                select gen_random_uuid(), 'MANY-' || n || zone, customer_id, title, repeat('x', 500),
                  category, priority, zone, address, required_skills, estimated_minutes, status,
                  version, created_by, created_at, updated_at
                from workorder.work_order, generate_series(1, 5000) as n
                where id = ?::uuid
                """)
            .bind(0, id)
            .execute());

    Api.Answer answer = api.get("/orders/export?zone=" + zone, supervisor());

    assertThat(answer.response().body().lines()).hasSize(5_002);
    fixture.database.useHandle(
        handle -> handle.execute("delete from workorder.work_order where code like 'MANY-%'"));
  }

  @Test
  void wrong_parameters_are_named_and_only_supervisors_ask() {
    assertThat(api.get("/orders/stats?groupBy=colour", supervisor()).status()).isEqualTo(400);
    assertThat(
            api.get("/orders/stats?from=2027-03-02T00:00:00Z&to=2027-03-01T00:00:00Z", supervisor())
                .text("/errors/0/pointer"))
        .isEqualTo("from");
    assertThat(api.get("/orders/stats?from=2020-03-02T00:00:00Z", supervisor()).status())
        .isEqualTo(400);
    assertThat(api.get("/orders/export?format=xlsx", supervisor()).status()).isEqualTo(400);
    assertThat(api.get("/orders/export", fixture.token(Role.CLIENT)).status()).isEqualTo(403);
    assertThat(api.get("/orders/stats", fixture.token(Role.TECHNICIAN)).status()).isEqualTo(403);
    assertThat(api.get("/orders/stats", supervisor()).status()).isEqualTo(200);
  }

  private static String supervisor() {
    return fixture.token(Role.SUPERVISOR);
  }

  private static JsonNode group(String query, String key) {
    for (JsonNode group : api.get("/orders/stats?" + query, supervisor()).body().at("/groups")) {
      if (group.at("/key").asText().equals(key)) {
        return group;
      }
    }
    throw new AssertionError("no group " + key);
  }

  private static Api.Answer status(String id, UUID technician, String body) {
    Api.Answer answer =
        api.put(
            "/orders/" + id + "/status", fixture.tokens.issue(technician, Role.TECHNICIAN), body);
    assertThat(answer.status()).isEqualTo(200);
    return answer;
  }

  private static void complete(String id, UUID technician) {
    status(
        id,
        technician,
        """
        {"status": "COMPLETED",
         "resolution": {"code": "RESET", "outcome": "RESOLVED", "comment": "works"}}
        """);
  }

  private static String open(String zone, String priority, String title) {
    return api.post(
            "/orders",
            fixture.token(Role.CLIENT),
            """
            {"title": "%s", "description": "Since noon", "category": "REPAIR", "priority": "%s",
             "zone": "%s", "address": "Calle 100 # 8-60", "latitude": 4.68, "longitude": -74.05}
            """
                .formatted(title, priority, zone))
        .text("/id");
  }
}
