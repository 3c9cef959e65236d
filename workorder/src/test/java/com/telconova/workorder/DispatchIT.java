package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Role;
import com.telconova.workorder.technician.TechnicianRepository;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DispatchIT {
  /// Monday, 10:00 in Bogotá.
  private static final HandClock CLOCK = new HandClock("2026-03-02T15:00:00Z");

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

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
  void a_dry_run_shows_what_a_dispatch_then_does_and_changes_nothing() {
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
    assertThat(done.at("/method").asText()).isEqualTo("OPTIMAL");
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
    api.put(
        "/orders/" + impossible + "/status",
        supervisor,
        "{\"status\": \"CANCELLED\", \"reason\": \"impossible\"}");
  }

  @Test
  void dispatches_and_supervisors_at_once_give_each_order_once_and_book_nobody_beyond_their_day()
      throws Exception {
    for (int run = Rounds.of(1, 20); run > 0; run--) {
      String skill = "S-" + UUID.randomUUID();
      // Eight hours each: 16 of the 40 orders.
      List<String> technicians = List.of(technician(skill), technician(skill));
      List<String> orders = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        orders.add(open(skill));
      }

      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String order = orders.get(i);
        calls.add(() -> assigned(order, "{}"));
        String other = orders.get(10 + i);
        String body = "{\"technicianId\": \"%s\"}".formatted(technicians.get(i % 2));
        calls.add(() -> assigned(other, body));
        if (i % 3 == 0) {
          calls.add(() -> dispatched(new ArrayList<>()));
        }
      }
      int given = 0;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Integer> answer : threads.invokeAll(calls)) {
          given += answer.get();
        }
      }

      assertThat(statuses(orders).stream().filter("ASSIGNED"::equals)).hasSize(given);
      given += dispatched(new ArrayList<>());
      assertThat(given).isEqualTo(16);
      assertThat(statuses(orders).stream().filter("ASSIGNED"::equals)).hasSize(16);
      assertThat(overbooked()).isZero();
      for (String technician : technicians) {
        assertThat(api.get("/technicians/" + technician, supervisor).text("/load/assignedMinutes"))
            .isEqualTo("480");
      }
      for (String order : orders) {
        long times = fixture.events(order).stream().filter("order.assigned"::equals).count();
        assertThat(times).isLessThanOrEqualTo(1);
        api.put(
            "/orders/" + order + "/status",
            supervisor,
            "{\"status\": \"CANCELLED\", \"reason\": \"test\"}");
      }
    }
  }

  /// How many orders somebody was given: this one, or none.
  private static int assigned(String order, String body) {
    while (true) {
      int status = api.post("/orders/" + order + "/assign", supervisor, body).status();
      if (status != 503) {
        assertThat(status).isIn(200, 409, 422);
        return status == 200 ? 1 : 0;
      }
    }
  }

  /// How many orders a dispatch gave.
  private static int dispatched(List<JsonNode> answers) {
    while (true) {
      Api.Answer answer = api.send("POST", "/dispatch", supervisor, null);
      if (answer.status() != 503) {
        assertThat(answer.status()).isEqualTo(200);
        answers.add(answer.body());
        return answer.body().at("/assigned").size();
      }
    }
  }

  @Test
  void whoever_leaves_while_a_dispatch_plans_is_given_nothing() {
    // Shown where it is decided: the update that gives an order finds nobody.
    UUID id = fixture.knownTechnician();
    fixture.database.useHandle(handle -> {
      handle.execute("set search_path to workorder");
      assertThat(noted(handle, id, 0)).isTrue();
      assertThat(noted(handle, id, 0)).as("overtaken").isFalse();
      assertThat(noted(handle, id, 2)).as("two were noted").isTrue();
      handle.execute("update technician set active = false where id = ?", id);
      assertThat(noted(handle, id, 4)).as("left").isFalse();
    });
  }

  private static boolean noted(Handle handle, UUID id, long load) {
    return new TechnicianRepository()
        .noteAssignments(handle, Map.of(id, load), Map.of(id, 2), CLOCK.instant())
        .contains(id);
  }

  @Test
  void five_hundred_orders_over_two_hundred_technicians_are_given_within_two_seconds() {
    int orders = Rounds.of(60, 500);
    int technicians = Rounds.of(24, 200);
    long slowest = 0;
    for (boolean zones : List.of(false, true)) {
      List<Long> millis = new ArrayList<>();
      List<Long> cpu = new ArrayList<>();
      int given = 0;
      String method = "";
      for (int run = Rounds.of(1, 5); run > 0; run--) {
        crowd(orders, technicians, zones);
        try (Api raw = new Api(fixture.app.port())) {
          long worked = PROCESS.getProcessCpuTime();
          long began = System.nanoTime();
          Api.Answer answer = raw.send("POST", "/dispatch", supervisor, null);
          millis.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
          cpu.add(Duration.ofNanos(PROCESS.getProcessCpuTime() - worked).toMillis());

          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.body().at("/skipped")).isEmpty();
          given = answer.body().at("/assigned").size();
          method = answer.text("/method");
        }
        assertThat(given).isEqualTo(count("status = 'ASSIGNED' and title = 'crowd'"));
        assertThat(overbooked()).isZero();
        disperse();
      }
      System.out.printf(
          "dispatch: POST /dispatch of %d orders over %d technicians, %s: %s ms;"
              + " CPU of this process %s ms, load of the machine %.1f; %s, %d given%n",
          orders,
          technicians,
          zones ? "ten zones, some skills" : "everybody can do everything",
          millis,
          cpu,
          PROCESS.getSystemLoadAverage(),
          method,
          given);
      slowest = Math.max(slowest, Collections.max(millis));
    }
    assertThat(slowest).isLessThan(2_000);
  }

  /// Orders and technicians all over the city, in each other's way as little as possible otherwise.
  private static void crowd(int orders, int technicians, boolean zones) {
    String template = fixture.open(fixture.token(Role.CLIENT));
    fixture.database.useTransaction(handle -> {
      handle.execute(
          """
          create temporary table crowd on commit drop as
          select gen_random_uuid() as id, i, random() as x, random() as y, random() as z
          from generate_series(1, ?) as i
          """,
          orders);
      handle.execute(
          """
          insert into workorder.work_order (
            id, code, customer_id, title, description, category, priority, zone, address, latitude,
            longitude, required_skills, estimated_minutes, status, version, created_by, created_at,
            updated_at, assign_by, arrive_by, resolve_by)
          select c.id, 'WO-2026-' || 500000 + nextval('workorder.order_code'), customer_id, 'crowd', description, category, 'P' || 1 + c.i % 4,
                 case when ? then 'Z' || c.i % 10 else zone end, address, 4.5 + c.x / 3,
                 -74.2 + c.y / 3,
                 case when ? and c.i % 3 = 0
                   then '[{"skill": "CROWD", "level": 2}]' else '[]' end::json,
                 30 + (90 * c.z)::integer, status, version, created_by, created_at, updated_at,
                 assign_by, arrive_by + c.z * interval '1 day', resolve_by
          from crowd c, workorder.work_order where work_order.id = ?::uuid
          """,
          zones, zones, template);
      handle.execute(
          """
          insert into workorder.order_history (
            order_id, version, occurred_at, actor_id, actor_role, to_status, priority)
          select c.id, version, occurred_at, actor_id, actor_role, to_status, priority
          from crowd c, workorder.order_history where order_id = ?::uuid
          """,
          template);
      handle.execute(
          """
          insert into workorder.technician (
            id, name, active, user_sequence, profile_set, zone, latitude, longitude)
          select gen_random_uuid(), 'crowd', true, 1, true,
                 case when ? then 'Z' || i % 10 end, 4.5 + random() / 3, -74.2 + random() / 3
          from generate_series(1, ?) as i
          """,
          zones, technicians);
      handle.execute(
          """
          insert into workorder.technician_skill
          select id, 'CROWD', 1 + (5 * random())::integer % 5, null
          from workorder.technician where name = 'crowd' and random() < 0.6
          """);
      // Those of other tests would take part.
      handle.execute("update workorder.technician set available = false where name <> 'crowd'");
      handle.execute("delete from workorder.order_history where order_id = ?::uuid", template);
      handle.execute("delete from workorder.work_order where id = ?::uuid", template);
    });
    fixture.database.useHandle(handle -> handle.execute("analyze workorder.work_order"));
  }

  private static void disperse() {
    fixture.database.useHandle(handle -> {
      handle.execute(
          """
          update workorder.work_order
          set status = 'CANCELLED', cancel_reason = 'test', ended_at = now()
          where title = 'crowd' and ended_at is null
          """);
      handle.execute(
          """
          delete from workorder.technician_skill s using workorder.technician t
          where t.id = s.technician_id and t.name = 'crowd'
          """);
      handle.execute("delete from workorder.technician where name = 'crowd'");
    });
  }

  private static int count(String condition) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("select count(*) from workorder.work_order where " + condition)
            .mapTo(Integer.class)
            .one());
  }

  /// How many technicians have more to do than a day takes.
  private static int overbooked() {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                select count(*) from (
                  select t.id
                  from workorder.technician t join workorder.work_order o on o.technician_id = t.id
                  where o.status = 'ASSIGNED'
                  group by t.id
                  having sum(o.estimated_minutes) > t.capacity_minutes) as each
                """)
            .mapTo(Integer.class)
            .one());
  }

  @Test
  void only_supervisors_dispatch_and_the_parameter_is_checked() {
    assertThat(api.send("POST", "/dispatch", fixture.token(Role.CLIENT), null).status())
        .isEqualTo(403);
    assertThat(api.send("POST", "/dispatch?dryRun=1", supervisor, null).status()).isEqualTo(400);
    assertThat(api.send("POST", "/dispatch?dryRun=true", fixture.token(Role.ADMIN), null).status())
        .isEqualTo(200);
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
