package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import com.telconova.workorder.technician.Shift;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TechnicianApiIT {
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");
  private static WorkorderFixture fixture;
  private static Api api;
  private static String supervisor;

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

  @Test
  void a_technician_has_a_default_profile_until_a_supervisor_sets_one() {
    UUID ana = fixture.knownTechnician();

    Api.Answer before = api.get("/technicians/" + ana, supervisor);
    Api.Answer set = api.post("/technicians", supervisor, profile(ana, "BOG-NORTE", "FIBER"));
    Api.Answer again = api.post("/technicians", supervisor, profile(ana, "BOG-SUR", "FIBER"));
    Api.Answer changed =
        api.put(
            "/technicians/" + ana,
            fixture.token(Role.ADMIN),
            "{\"capacityMinutes\": 240, \"skills\": [{\"skill\": \"Cable\", \"level\": 5}]}");

    assertThat(before.body().toString())
        .isEqualTo(
            """
            {"id":"%s","name":"Ana Ruiz","active":true,"available":true,"onShift":true,\
            "skills":[],"capacityMinutes":480,"load":{"assignedMinutes":0,\
            "remainingMinutes":480,"openOrders":0}}\
            """
                .formatted(ana));
    assertThat(set.status()).isEqualTo(201);
    assertThat(set.header("Location")).isEqualTo("/technicians/" + ana);
    assertThat(set.body().at("/skills"))
        .hasToString("[{\"skill\":\"FIBER\",\"level\":3,\"expiresOn\":\"2026-12-31\"}]");
    assertThat(set.body().at("/shift"))
        .hasToString(
            "{\"days\":[\"MONDAY\",\"FRIDAY\"],\"start\":\"08:00\",\"end\":\"18:00\",\"timeZone\":\"America/Bogota\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().has("zone")).as("any zone again").isFalse();
    assertThat(changed.body().has("shift")).as("always on again").isFalse();
    assertThat(changed.text("/latitude")).as("stays").isEqualTo("4.65");
    assertThat(changed.text("/skills/0/level")).isEqualTo("5");
  }

  @Test
  void whoever_is_unknown_is_asked_of_auth_before_anybody_is_refused() {
    UUID luis = UUID.randomUUID();
    UUID client = UUID.randomUUID();
    fixture.peers.put("/users/" + luis, user(luis, "TECHNICIAN"));
    fixture.peers.put("/users/" + client, user(client, "CLIENT"));

    assertThat(
            api.post("/technicians", supervisor, profile(client, "Z", "S"))
                .text("/errors/0/pointer"))
        .isEqualTo("/id");
    assertThat(api.put("/technicians/" + client, supervisor, "{}").status()).isEqualTo(404);
    assertThat(api.get("/technicians/" + UUID.randomUUID(), supervisor).status()).isEqualTo(404);
    assertThat(api.put("/technicians/" + luis, supervisor, "{\"zone\": \"Z\"}").text("/name"))
        .isEqualTo("Luis Paz");
  }

  @Test
  void technicians_speak_for_themselves_and_see_nobody_else() {
    UUID ana = fixture.knownTechnician();
    UUID luis = fixture.knownTechnician();
    String token = fixture.tokens.issue(ana, Role.TECHNICIAN);
    String away = "{\"available\": false, \"latitude\": 4.7, \"longitude\": -74.0}";

    assertThat(api.put("/technicians/" + ana + "/availability", token, away).text("/latitude"))
        .isEqualTo("4.7");
    assertThat(api.put("/technicians/" + luis + "/availability", token, away).status())
        .isEqualTo(404);
    assertThat(api.get("/technicians/" + luis, token).status()).isEqualTo(404);
    assertThat(api.get("/technicians?available=false", token).body().at("/items")).hasSize(1);
    assertThat(api.get("/technicians", token).body().at("/items")).isEmpty();
    assertThat(api.put("/technicians/" + ana, token, "{}").status()).isEqualTo(403);
    assertThat(api.get("/technicians", fixture.token(Role.CLIENT)).status()).isEqualTo(403);
    assertThat(
            api.put("/technicians/" + ana + "/availability", supervisor, "{\"available\": true}")
                .text("/latitude"))
        .as("stays")
        .isEqualTo("4.7");
  }

  @Test
  void a_bad_profile_is_told_everything_that_is_wrong_at_once() {
    Api.Answer answer =
        api.put(
            "/technicians/" + fixture.knownTechnician(),
            supervisor,
            """
            {"zone": "", "capacityMinutes": 1441, "latitude": 4.6,
             "skills": [{"skill": "FIBER", "level": 0}, {"skill": "fiber", "level": 1},
                        {"skill": "DSL", "level": 1, "expiresOn": "2026-02-30"}],
             "shift": {"days": [], "start": "8:00", "end": "24:00", "timeZone": "Bogota"}}
            """);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/errors").findValuesAsText("pointer").stream().sorted().toList())
        .containsExactly(
            "/capacityMinutes",
            "/longitude",
            "/shift/days",
            "/shift/end",
            "/shift/start",
            "/shift/timeZone",
            "/skills/0/level",
            "/skills/1/skill",
            "/skills/2/expiresOn",
            "/zone");
  }

  @Test
  void the_list_shows_who_can_be_sent_by_zone_and_skill_and_how_loaded_they_are() {
    String zone = "Z-" + UUID.randomUUID();
    String skill = "S-" + UUID.randomUUID();
    UUID ana = technician(zone, skill, 2, "2026-03-02");
    UUID expired = technician(zone, skill, 2, "2026-03-01");
    UUID elsewhere = technician("elsewhere", skill, 2, "2026-12-31");
    String id = fixture.open(fixture.token(Role.CLIENT));
    api.post(
        "/orders/" + id + "/assign",
        supervisor,
        "{\"technicianId\": \"%s\", \"reason\": \"from another zone\"}".formatted(ana));

    List<String> here = ids("/technicians?zone=" + zone + "&skill=" + skill.toUpperCase());
    Api.Answer loaded = api.get("/technicians?skill=" + skill + "&zone=" + zone, supervisor);

    assertThat(here).containsExactly(ana.toString());
    assertThat(loaded.body().at("/items/0/load"))
        .hasToString("{\"assignedMinutes\":60,\"remainingMinutes\":420,\"openOrders\":1}");
    assertThat(ids("/technicians?skill=" + skill))
        .containsExactlyInAnyOrder(ana.toString(), elsewhere.toString());
    assertThat(ids("/technicians?available=false&skill=" + skill)).isEmpty();
    assertThat(api.get("/technicians?available=maybe", supervisor).status()).isEqualTo(400);
    assertThat(expired).isNotNull();
  }

  @Test
  void whoever_stops_being_a_technician_gets_no_more_work_and_their_orders_stay_in_sight() {
    UUID ana = fixture.knownTechnician();
    String token = fixture.tokens.issue(ana, Role.TECHNICIAN);
    String begun = fixture.assigned(ana);
    fixture.assigned(ana);
    String next = fixture.open(fixture.token(Role.CLIENT));
    api.put("/orders/" + begun + "/status", token, "{\"status\": \"IN_PROGRESS\"}");
    String assign = "{\"technicianId\": \"%s\", \"reason\": \"nobody else\"}".formatted(ana);

    assertThat(api.get("/technicians/" + ana, supervisor).text("/load/workingOn")).isEqualTo(begun);
    fixture.awaitProcessed(
        fixture.publish("auth", "user.updated", ana, 5, changed(ana, "CLIENT", true)));

    Api.Answer left = api.get("/technicians/" + ana, supervisor);
    assertThat(left.text("/active")).isEqualTo("false");
    assertThat(left.text("/load/openOrders")).isEqualTo("2");
    assertThat(left.text("/load/workingOn")).isEqualTo(begun);
    assertThat(api.get("/orders?technicianId=" + ana, supervisor).body().at("/items")).hasSize(2);
    assertThat(api.post("/orders/" + next + "/assign", supervisor, assign).status())
        .as("auth, asked, knows of no technician either")
        .isEqualTo(422);

    // What is older than that changes nothing; what is newer does.
    fixture.awaitProcessed(
        fixture.publish("auth", "user.updated", ana, 4, changed(ana, "TECHNICIAN", true)));
    assertThat(api.get("/technicians/" + ana, supervisor).text("/active")).isEqualTo("false");
    fixture.awaitProcessed(
        fixture.publish("auth", "user.updated", ana, 6, changed(ana, "TECHNICIAN", true)));
    assertThat(api.post("/orders/" + next + "/assign", supervisor, assign).status()).isEqualTo(200);
    assertThat(api.get("/technicians/" + ana, supervisor).text("/load/openOrders")).isEqualTo("3");
  }

  private static String changed(UUID id, String role, boolean active) {
    return """
    {"userId": "%s", "name": "Ana Ruiz", "role": "%s", "active": %s}
    """
        .formatted(id, role, active);
  }

  @Test
  void the_list_pages_without_gap_or_repeat() {
    String skill = "S-" + UUID.randomUUID();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(technician("Z", skill, 1, "2026-12-31").toString());
    }

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Api.Answer page = api.get("/technicians?limit=2&skill=" + skill + cursor, supervisor);
      page.body().at("/items").forEach(item -> seen.add(item.at("/id").asText()));
      cursor = page.text("/nextCursor") == null ? null : "&cursor=" + page.text("/nextCursor");
    } while (cursor != null);

    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void the_database_and_the_domain_agree_on_who_is_on_shift() {
    Random random = new Random(11);
    String skill = "S-" + UUID.randomUUID();
    List<String> zones = List.of("America/Bogota", "Pacific/Auckland", "Asia/Kolkata");
    for (int i = 0; i < 60; i++) {
      UUID id = technician("Z", skill, 1, "2026-12-31");
      Shift shift =
          new Shift(
              random.ints(2, 1, 8).mapToObj(DayOfWeek::of).toList(),
              LocalTime.of(random.nextInt(24), 30),
              LocalTime.of(random.nextInt(24), random.nextInt(2) * 30),
              ZoneId.of(zones.get(random.nextInt(3))));
      api.put(
          "/technicians/" + id,
          supervisor,
          """
          {"skills": [{"skill": "%s", "level": 1}],
           "shift": {"days": [%s], "start": "%s", "end": "%s", "timeZone": "%s"}}
          """
              .formatted(
                  skill,
                  shift.days().stream()
                      .map(day -> '"' + day.name() + '"')
                      .collect(Collectors.joining(", ")),
                  shift.start(),
                  shift.end(),
                  shift.timeZone()));
    }

    for (int hours = 0; hours < 5; hours++) {
      CLOCK.advance(Duration.ofHours(7));
      supervisor = fixture.token(Role.SUPERVISOR);
      List<String> on = new ArrayList<>();
      for (String available : List.of("true", "false")) {
        api.get("/technicians?limit=100&skill=" + skill + "&available=" + available, supervisor)
            .body()
            .at("/items")
            .forEach(item -> on.add(available + " " + item.at("/onShift").asText()));
      }
      assertThat(on)
          .hasSize(60)
          .allMatch(text -> text.equals("true true") || text.equals("false false"));
    }
  }

  private static List<String> ids(String path) {
    return api.get(path, supervisor).body().at("/items").findValuesAsText("id");
  }

  private static UUID technician(String zone, String skill, int level, String expiresOn) {
    UUID id = fixture.knownTechnician();
    api.put(
        "/technicians/" + id,
        supervisor,
        """
        {"zone": "%s", "skills": [{"skill": "%s", "level": %d, "expiresOn": "%s"}]}
        """
            .formatted(zone, skill, level, expiresOn));
    return id;
  }

  private static String profile(UUID id, String zone, String skill) {
    return """
    {"id": "%s", "zone": "%s", "capacityMinutes": 300, "latitude": 4.65, "longitude": -74.05,
     "skills": [{"skill": "%s", "level": 3, "expiresOn": "2026-12-31"}],
     "shift": {"days": ["FRIDAY", "MONDAY"], "start": "08:00", "end": "18:00",
               "timeZone": "America/Bogota"}}
    """
        .formatted(id, zone, skill);
  }

  private static String user(UUID id, String role) {
    return """
    {"id": "%s", "name": "Luis Paz", "role": "%s", "active": true, "email": "luis@example.com"}
    """
        .formatted(id, role);
  }
}
