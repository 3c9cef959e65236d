package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Role;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the watch does when things go wrong: an outage that left thousands of orders due, clocks
/// that differ, an instance that dies in the middle.
final class SlaBacklogIT {
  /// Monday, 10:00 in Bogotá.
  private static final String START = "2026-03-02T15:00:00Z";

  private static final HandClock CLOCK = new HandClock(START);
  private static final HandClock AHEAD = new HandClock(START);

  private static WorkorderFixture fixture;
  private static WorkorderFixture other;
  private static Api api;

  @BeforeAll
  static void start() {
    AHEAD.advance(Duration.ofSeconds(10));
    fixture = WorkorderFixture.start(CLOCK);
    other = WorkorderFixture.start(AHEAD);
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    other.close();
    fixture.close();
  }

  @Test
  void after_an_outage_every_order_is_told_of_once_and_requests_are_served_meanwhile() {
    int size = Rounds.of(300, 10_000);
    UUID customer = UUID.randomUUID();
    String template = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    clone(template, size - 1);
    advance(Duration.ofHours(20));
    long begin = System.nanoTime();

    List<Long> micros = new ArrayList<>();
    do {
      String token = fixture.tokens.issue(customer, Role.CLIENT);
      for (int i = 0; i < 20; i++) {
        long asked = System.nanoTime();
        assertThat(api.get("/orders/" + template, token).status()).isEqualTo(200);
        micros.add((System.nanoTime() - asked) / 1_000);
      }
      assertThat(System.nanoTime() - begin).isLessThan(Duration.ofMinutes(5).toNanos());
    } while (due(customer) > 0);
    long millis = (System.nanoTime() - begin) / 1_000_000;
    Collections.sort(micros);

    System.out.printf(
        "SLA backlog: %d orders, %d events told by 2 instances in %d ms; meanwhile %d GETs, p50 %.1f p99 %.1f max %.1f ms%n",
        size,
        told(customer).values().stream().mapToInt(Integer::intValue).sum(),
        millis,
        micros.size(),
        micros.get(micros.size() / 2) / 1e3,
        micros.get(micros.size() * 99 / 100) / 1e3,
        micros.getLast() / 1e3);
    assertThat(told(customer))
        .isEqualTo(
            Map.of(
                "sla.warning ASSIGN 1", size,
                "sla.breached ASSIGN 1", size,
                "sla.warning ARRIVE 1", size,
                "sla.breached ARRIVE 1", size,
                "sla.warning RESOLVE 1", size,
                "sla.breached RESOLVE 1", size));
  }

  @Test
  void what_an_instance_that_dies_has_marked_is_told_by_another() {
    UUID customer = UUID.randomUUID();
    String order = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));

    fixture.database.useTransaction(handle -> {
      // Whoever tells of the order waits here, with its marks made and not committed.
      handle.execute(
          "select 1 from workorder.aggregate_sequence where aggregate_id = ?::uuid for update",
          order);
      advance(Duration.ofMinutes(23));
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() ->
              fixture.database.withHandle(admin ->
                  admin
                          .createQuery(
                              """
                              select count(pg_terminate_backend(pid)) from pg_stat_activity
                              where wait_event_type = 'Lock' and query like '%outbox%'
                              """)
                          .mapTo(Integer.class)
                          .one()
                      > 0));
      assertThat(told(customer)).isEmpty();
    });

    await().until(() -> !told(customer).isEmpty());
    assertThat(told(customer)).isEqualTo(Map.of("sla.warning ASSIGN 1", 1));
  }

  @Test
  void a_warning_that_was_told_is_not_told_again_when_another_priority_moves_what_is_due() {
    UUID customer = UUID.randomUUID();
    String order = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    advance(Duration.ofMinutes(23));
    await().until(() -> told(customer).containsKey("sla.warning ASSIGN 1"));

    Api.Answer relaxed =
        api.put(
            "/orders/" + order,
            fixture.token(Role.SUPERVISOR),
            """
            {"title": "No internet", "description": "No hurry", "priority": "P3", "zone": "BOG",
             "address": "Calle 100 # 8-60"}
            """,
            "If-Match",
            "*");
    assertThat(relaxed.text("/sla/state")).isEqualTo("OK");
    advance(Duration.ofDays(7));

    await().until(() -> told(customer).containsKey("sla.breached RESOLVE 1"));
    assertThat(told(customer))
        .hasSize(6)
        .containsEntry("sla.warning ASSIGN 1", 1)
        .containsEntry("sla.breached ASSIGN 1", 1);
  }

  @Test
  void an_order_that_rests_after_its_warning_keeps_nobody_else_from_being_told_of() {
    UUID ana = fixture.knownTechnician();
    UUID customer = UUID.randomUUID();
    String order = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    fixture.assign(order, ana);
    status(order, ana, "{\"status\": \"IN_PROGRESS\"}");
    advance(Duration.ofMinutes(361));
    await().until(() -> told(customer).containsKey("sla.warning RESOLVE 1"));

    status(order, ana, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"CUSTOMER\"}");
    advance(Duration.ofDays(2));
    awaitAnother();
    assertThat(told(customer)).isEqualTo(Map.of("sla.warning RESOLVE 1", 1));

    status(order, ana, "{\"status\": \"IN_PROGRESS\"}");
    advance(Duration.ofMinutes(119));
    await().until(() -> told(customer).containsKey("sla.breached RESOLVE 1"));
    assertThat(told(customer))
        .isEqualTo(Map.of("sla.warning RESOLVE 1", 1, "sla.breached RESOLVE 1", 1));
  }

  @Test
  void an_order_that_cannot_be_looked_at_is_put_off_and_the_others_are_told_of() {
    UUID customer = UUID.randomUUID();
    String broken = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    fixture.database.useHandle(handle ->
        handle.execute("delete from workorder.order_history where order_id = ?::uuid", broken));
    advance(Duration.ofMinutes(23));

    awaitAnother();

    assertThat(told(customer)).isEmpty();
    assertThat(due(customer)).isZero();
    fixture.database.useHandle(handle ->
        handle.execute(
            """
            update workorder.work_order
            set sla_next_at = null, status = 'CANCELLED', cancel_reason = 'test', ended_at = now()
            where id = ?::uuid
            """,
            broken));
  }

  /// An order that is due now is told of, so whatever was due before was looked at.
  private static void awaitAnother() {
    UUID customer = UUID.randomUUID();
    fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    advance(Duration.ofMinutes(31));
    await().until(() -> told(customer).containsKey("sla.breached ASSIGN 1"));
  }

  private static void status(String order, UUID technician, String body) {
    Api.Answer answer =
        api.put(
            "/orders/" + order + "/status",
            fixture.tokens.issue(technician, Role.TECHNICIAN),
            body);
    assertThat(answer.status()).isEqualTo(200);
  }

  private static void advance(Duration time) {
    CLOCK.advance(time);
    AHEAD.advance(time);
  }

  /// How many orders the watch has yet to look at.
  private static int due(UUID customer) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                "select count(*) from workorder.work_order where customer_id = ? and sla_next_at <= ?")
            .bind(0, customer)
            .bind(1, Timestamp.from(CLOCK.instant()))
            .mapTo(Integer.class)
            .one());
  }

  /// How many orders were told of what, and how often.
  private static Map<String, Integer> told(UUID customer) {
    return fixture.database.withHandle(handle -> {
      Map<String, Integer> told = new TreeMap<>();
      handle
          .createQuery(
              """
              select what, count(*) as orders
              from (select type || ' ' || (data ->> 'target') || ' ' || count(*) as what
                    from workorder.outbox join workorder.work_order o on o.id = aggregate_id
                    where o.customer_id = ? and type like 'sla.%'
                    group by aggregate_id, type, data ->> 'target') as each
              group by what
              """)
          .bind(0, customer)
          .map((row, _) -> Map.entry(row.getString("what"), row.getInt("orders")))
          .forEach(entry -> told.put(entry.getKey(), entry.getValue()));
      return told;
    });
  }

  /// So many orders more that have lived the same life.
  private static void clone(String order, int times) {
    fixture.database.useTransaction(handle -> {
      handle.execute("set local search_path = workorder");
      String columns =
          handle
              .createQuery(
                  """
                  select string_agg(column_name, ', ') from information_schema.columns
                  where table_schema = 'workorder' and table_name = 'work_order'
                    and is_generated = 'NEVER'
                  """)
              .mapTo(String.class)
              .one();
      handle.execute(
          """
          with clones as (
            insert into work_order (%s)
            select %s from work_order o, generate_series(1, ?) n,
              jsonb_populate_record(null::work_order,
                to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(), 'code', 'WO-2026-' || 1000000 + n)) c
            where o.id = ?::uuid
            returning id)
          insert into order_history
          select (jsonb_populate_record(null::order_history,
              to_jsonb(h) || jsonb_build_object('order_id', clones.id))).*
          from order_history h, clones where h.order_id = ?::uuid
          """
              .formatted(columns, "c." + columns.replace(", ", ", c.")),
          times,
          order,
          order);
    });
  }
}
