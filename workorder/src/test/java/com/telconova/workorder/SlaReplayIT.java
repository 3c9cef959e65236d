package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Role;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.CalendarConfig;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Moment.Phase;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Sla;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.sla.Target;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Promises as they are stored, as they are computed again from the history, and as somebody counts
/// them who knows the table of the design and a calendar on the wall, and nothing of our code.
final class SlaReplayIT {
  /// Friday, 10:00 in Bogotá, before a Monday that is a holiday; Easter is two weeks later.
  private static final Instant START = Instant.parse("2026-03-20T15:00:00Z");

  private static final HandClock CLOCK = new HandClock(START.toString());
  private static final Random RANDOM = new Random(20261123);
  private static final int CHANGES = Rounds.of(40, 5_000);
  private static final int OPEN_AT_ONCE = Rounds.of(4, 12);
  private static final Wall WALL = new Wall();
  private static final SlaPolicy POLICY =
      new SlaPolicy(
          BusinessCalendar.of(
              new CalendarConfig(
                  ZoneId.of("America/Bogota"),
                  EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                  LocalTime.of(8, 0),
                  LocalTime.of(18, 0),
                  "co")));

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
  void what_is_stored_is_what_the_history_comes_to_at_any_moment() {
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      CLOCK.advance(Duration.ofSeconds(15L * RANDOM.nextInt(1, 800)));
      List<Life> open = lives.stream().filter(life -> !life.ended).toList();
      if (open.size() < OPEN_AT_ONCE) {
        lives.add(new Life());
      } else {
        open.get(RANDOM.nextInt(open.size())).change();
      }
    }
    Instant end = CLOCK.instant().plus(Duration.ofDays(3));

    int asked = 0;
    int pauses = 0;
    for (Life life : lives) {
      List<Moment> history = history(life.id);
      pauses += (int) history.stream().filter(moment -> moment.phase() == Phase.PAUSED).count();
      assertThat(history).hasSameSizeAs(life.stored);
      for (int i = 0; i < history.size(); i++) {
        List<Moment> known = history.subList(0, i + 1);
        assertThat(life.stored.get(i)).as("%s", known).isEqualTo(stored(POLICY.of(known)));
        assertThat(life.stored.get(i)).as("%s", known).isEqualTo(new Count(known).stored());
        Instant next = i + 1 < history.size() ? history.get(i + 1).at() : end;
        for (Instant at : List.of(history.get(i).at(), between(history.get(i).at(), next))) {
          // A change at the same moment comes after this one.
          if (at.isBefore(next)) {
            assertReplayed(life.id, at, new Count(known));
            asked++;
          }
        }
      }
    }
    System.out.printf(
        "SLA: %d orders, %d changes (the clock stopped %d times) over %d days; stored, computed and counted agree; %d moments asked for agree%n",
        lives.size(), CHANGES, pauses, Duration.between(START, CLOCK.instant()).toDays(), asked);
    assertThat(pauses).isPositive();
  }

  @Test
  void only_the_life_of_the_order_and_a_year_ahead_can_be_asked_for_and_by_whom_it_concerns() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);
    String path = "/orders/" + id + "/sla";
    String opened = CLOCK.instant().toString();

    assertThat(api.get(path, client).text("/at")).isEqualTo(opened);
    assertThat(api.get(path, client).text("/state")).isEqualTo("OK");
    assertThat(api.get(path + "?at=" + opened, client).status()).isEqualTo(200);
    assertThat(
            api.get(path + "?at=" + CLOCK.instant().plus(Duration.ofDays(366)), client)
                .text("/state"))
        .isEqualTo("BREACHED");
    for (String at : List.of("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday")) {
      Api.Answer refused = api.get(path + "?at=" + at, client);
      assertThat(refused.status()).as(at).isEqualTo(400);
      assertThat(refused.text("/errors/0/pointer")).isEqualTo("at");
    }
    assertThat(api.get(path, fixture.token(Role.CLIENT)).status()).isEqualTo(404);
    assertThat(api.get(path, fixture.token(Role.TECHNICIAN)).status()).isEqualTo(404);
    assertThat(api.get(path, fixture.token(Role.ADMIN)).status()).isEqualTo(200);
  }

  private static void assertReplayed(String id, Instant at, Count count) {
    JsonNode answer =
        api.get("/orders/" + id + "/sla?at=" + at, fixture.token(Role.SUPERVISOR)).body();

    List<String> targets = new ArrayList<>();
    for (JsonNode each : answer.at("/targets")) {
      targets.add(
          "%s %s %s %s %s"
              .formatted(
                  each.at("/target").asText(),
                  each.at("/state").asText(),
                  each.at("/dueAt").asText("-"),
                  each.at("/met").asText("-"),
                  each.at("/elapsedSeconds").asText() + "/" + each.at("/allowedSeconds").asText()));
    }
    assertThat(targets).as("%s at %s", count.known, at).isEqualTo(count.targets(at));
    assertThat(answer.at("/state").asText())
        .as("%s at %s", count.known, at)
        .isEqualTo(count.state(at));
  }

  private static Instant between(Instant from, Instant to) {
    long steps = Duration.between(from, to).toSeconds() / 15;
    return steps == 0 ? from : from.plusSeconds(15 * RANDOM.nextLong(steps));
  }

  /// An order, two technicians who pass it to each other, and a supervisor.
  private static final class Life {
    final UUID ana = fixture.knownTechnician();
    final UUID luis = fixture.knownTechnician();
    final String id;
    final List<List<Instant>> stored = new ArrayList<>();
    private UUID technician;
    private String status = "CREATED";
    private Priority priority;
    private boolean ended;

    Life() {
      priority = Priority.values()[RANDOM.nextInt(4)];
      Api.Answer opened =
          api.post(
              "/orders",
              fixture.token(Role.SUPERVISOR),
              body(", \"category\": \"REPAIR\", \"customerId\": \"%s\"".formatted(ana)));
      assertThat(opened.status()).isEqualTo(201);
      id = opened.text("/id");
      note();
    }

    void change() {
      int dice = RANDOM.nextInt(20);
      if (dice < 4) {
        Priority before = priority;
        while (priority == before) {
          priority = Priority.values()[RANDOM.nextInt(4)];
        }
        done(api.put("/orders/" + id, fixture.token(Role.SUPERVISOR), body(""), "If-Match", "*"));
      } else if (dice == 4) {
        move("CANCELLED", Role.SUPERVISOR, ", \"reason\": \"moved away\"");
      } else {
        switch (status) {
          case "CREATED" -> assign(RANDOM.nextBoolean() ? ana : luis);
          case "ASSIGNED" -> {
            if (dice < 8) {
              move("CREATED", Role.TECHNICIAN, ", \"reason\": \"ill today\"");
            } else if (dice < 11) {
              assign(technician.equals(ana) ? luis : ana);
            } else {
              move("IN_PROGRESS", Role.TECHNICIAN, "");
            }
          }
          case "IN_PROGRESS" -> {
            if (dice < 8) {
              move(
                  "COMPLETED",
                  Role.TECHNICIAN,
                  ", \"resolution\": {\"code\": \"RESET\", \"outcome\": \"RESOLVED\", \"comment\": \"Works\"}");
            } else {
              String[] codes = {"CUSTOMER", "ACCESS", "FORCE_MAJEURE", "PARTS", "OTHER"};
              move(
                  "ON_HOLD",
                  RANDOM.nextBoolean() ? Role.TECHNICIAN : Role.SUPERVISOR,
                  ", \"reasonCode\": \"%s\"".formatted(codes[RANDOM.nextInt(codes.length)]));
            }
          }
          case "ON_HOLD" -> move("IN_PROGRESS", Role.TECHNICIAN, "");
          default -> throw new IllegalStateException(status);
        }
      }
    }

    private void assign(UUID to) {
      technician = to;
      status = "ASSIGNED";
      done(
          api.post(
              "/orders/" + id + "/assign",
              fixture.token(Role.SUPERVISOR),
              "{\"technicianId\": \"%s\", \"reason\": \"whatever is against it\"}".formatted(to)));
    }

    private void move(String to, Role role, String more) {
      status = to;
      ended = to.equals("CANCELLED") || to.equals("COMPLETED");
      String token =
          role == Role.TECHNICIAN ? fixture.tokens.issue(technician, role) : fixture.token(role);
      done(
          api.put(
              "/orders/" + id + "/status", token, "{\"status\": \"%s\"%s}".formatted(to, more)));
    }

    private void done(Api.Answer answer) {
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
      note();
    }

    private void note() {
      stored.add(
          fixture.database.withHandle(handle ->
              handle
                  .createQuery(
                      """
                      select assign_by, arrive_by, resolve_by, sla_warn_at, sla_due_at, sla_breach_at
                      from workorder.work_order where id = ?::uuid
                      """)
                  .bind(0, id)
                  .map((row, _) -> {
                    List<Instant> times = new ArrayList<>();
                    for (int column = 1; column <= 6; column++) {
                      Timestamp time = row.getTimestamp(column);
                      times.add(time == null ? null : time.toInstant());
                    }
                    return times;
                  })
                  .one()));
    }

    private String body(String more) {
      return """
      {"title": "No internet", "description": "Since noon", "priority": "%s", "zone": "BOG",
       "address": "Calle 100 # 8-60"%s}
      """
          .formatted(priority, more);
    }
  }

  private static List<Instant> stored(Sla sla) {
    return Arrays.asList(
        sla.assignBy(), sla.arriveBy(), sla.resolveBy(), sla.warnAt(), sla.dueAt(), sla.breachAt());
  }

  /// What the history says, read by SQL and in the words of the design.
  private static List<Moment> history(String id) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                select occurred_at, priority, to_status, coalesce(hold_reason, '') as hold
                from workorder.order_history where order_id = ?::uuid order by version
                """)
            .bind(0, id)
            .map((row, _) ->
                new Moment(
                    row.getTimestamp("occurred_at").toInstant(),
                    Priority.valueOf(row.getString("priority")),
                    switch (row.getString("to_status")) {
                      case "CREATED" -> Phase.OPEN;
                      case "ASSIGNED" -> Phase.ASSIGNED;
                      case "IN_PROGRESS" -> Phase.WORKING;
                      case "ON_HOLD" ->
                          Set.of("CUSTOMER", "ACCESS", "FORCE_MAJEURE")
                                  .contains(row.getString("hold"))
                              ? Phase.PAUSED
                              : Phase.WORKING;
                      case "COMPLETED" -> Phase.COMPLETED;
                      default -> Phase.CANCELLED;
                    }))
            .list());
  }

  /// Which quarters of a minute are business time, by looking at each.
  private static final class Wall {
    private static final int QUARTERS = 2 * 366 * 24 * 240;
    private static final Set<String> HOLIDAYS =
        Set.of(
            "2026-03-23",
            "2026-04-02",
            "2026-04-03",
            "2026-05-01",
            "2026-05-18",
            "2026-06-08",
            "2026-06-15",
            "2026-06-29",
            "2026-07-20",
            "2026-08-07",
            "2026-08-17",
            "2026-10-12",
            "2026-11-02",
            "2026-11-16",
            "2026-12-08",
            "2026-12-25",
            "2027-01-01",
            "2027-01-11",
            "2027-03-22",
            "2027-03-25",
            "2027-03-26",
            "2027-05-01",
            "2027-05-10",
            "2027-05-31",
            "2027-06-07",
            "2027-07-05",
            "2027-07-20",
            "2027-08-07",
            "2027-08-16",
            "2027-10-18",
            "2027-11-01",
            "2027-11-15",
            "2027-12-08",
            "2027-12-25");
    private final BitSet open = new BitSet(QUARTERS);

    Wall() {
      // A quarter of an hour is all open or all closed.
      for (int i = 0; i < QUARTERS; i += 60) {
        ZonedDateTime local = START.plusSeconds(15L * i).atZone(ZoneId.of("America/Bogota"));
        boolean business =
            local.getHour() >= 8
                && local.getHour() < 18
                && local.getDayOfWeek().getValue() <= 5
                && !HOLIDAYS.contains(local.toLocalDate().toString());
        open.set(i, i + 60, business);
      }
    }
  }

  /// Counts a history's time one quarter of a minute after another.
  private static final class Count {
    private static final long[][] MINUTES = {
      {15, 120, 240}, {30, 240, 480}, {240, 600, 1_200}, {600, 1_800, 3_000},
    };

    final List<Moment> known;
    private final Map<Target, One> targets = new LinkedHashMap<>();

    /// @param warn,due null while the clock stands still
    private record One(Instant warn, Instant due, Instant stopped, boolean happened, long allowed) {
      boolean missed() {
        return due != null && (stopped == null || due.isBefore(stopped));
      }
    }

    Count(List<Moment> known) {
      this.known = known;
      for (Target target : Target.values()) {
        Moment stop = known.stream().filter(m -> stops(target, m)).findFirst().orElse(null);
        Moment last = stop == null ? known.getLast() : known.get(known.indexOf(stop) - 1);
        long allowed = 60 * MINUTES[last.priority().ordinal()][target.ordinal()];
        targets.put(
            target,
            new One(
                after(target, allowed * 3 / 4),
                after(target, allowed),
                stop == null ? null : stop.at(),
                stop != null && stop.phase() != Phase.CANCELLED,
                allowed));
      }
    }

    private static boolean stops(Target target, Moment moment) {
      return switch (target) {
        case ASSIGN -> moment.phase() != Phase.OPEN;
        case ARRIVE -> moment.phase() != Phase.OPEN && moment.phase() != Phase.ASSIGNED;
        case RESOLVE -> moment.phase() == Phase.COMPLETED || moment.phase() == Phase.CANCELLED;
      };
    }

    /// Looks at one quarter after another, from the opening on, until it has seen enough.
    ///
    /// @param until takes whether the quarter that ends at this moment counted, and whether the
    ///   clock stands still from now on; false: that is enough
    private void walk(Target target, Quarter until) {
      int last = -1;
      while (last + 1 < known.size() && !stops(target, known.get(last + 1))) {
        last++;
      }
      int holds = 0;
      int[] begins = known.stream().mapToInt(moment -> quarter(moment.at())).toArray();
      int quarter = begins[0];
      boolean goOn = true;
      while (goOn) {
        while (holds < last && begins[holds + 1] <= quarter) {
          holds++;
        }
        Moment moment = known.get(holds);
        boolean rests = target == Target.RESOLVE && moment.phase() == Phase.PAUSED;
        boolean business = moment.priority() == Priority.P3 || moment.priority() == Priority.P4;
        boolean counts = !rests && (!business || WALL.open.get(quarter));
        quarter++;
        goOn = until.look(quarter, counts, rests && holds == last);
      }
    }

    private interface Quarter {
      boolean look(int end, boolean counts, boolean standsStill);
    }

    private static int quarter(Instant at) {
      return (int) (Duration.between(START, at).toSeconds() / 15);
    }

    /// When so many seconds have been counted; null when the clock stands still first.
    private Instant after(Target target, long seconds) {
      int[] counted = {0};
      Instant[] reached = {null};
      walk(
          target,
          (end, counts, standsStill) -> {
            counted[0] += counts ? 15 : 0;
            reached[0] = counted[0] == seconds ? START.plusSeconds(15L * end) : null;
            return reached[0] == null && !standsStill;
          });
      return reached[0];
    }

    private long elapsed(Target target, Instant until) {
      One one = targets.get(target);
      int stop =
          quarter(one.stopped() != null && one.stopped().isBefore(until) ? one.stopped() : until);
      int[] counted = {0};
      walk(
          target,
          (end, counts, _) -> {
            counted[0] += counts && end <= stop ? 15 : 0;
            return end < stop;
          });
      return counted[0];
    }

    List<Instant> stored() {
      return Arrays.asList(
          targets.get(Target.ASSIGN).due(),
          targets.get(Target.ARRIVE).due(),
          targets.get(Target.RESOLVE).due(),
          first(targets.values().stream().filter(o -> o.stopped() == null).map(One::warn).toList()),
          first(targets.values().stream().filter(o -> o.stopped() == null).map(One::due).toList()),
          first(targets.values().stream().filter(One::missed).map(One::due).toList()));
    }

    private static Instant first(List<Instant> times) {
      return times.stream().filter(Objects::nonNull).sorted().findFirst().orElse(null);
    }

    private String state(Target target, Instant at) {
      One one = targets.get(target);
      if (one.missed() && !one.due().isAfter(at)) {
        return "BREACHED";
      } else if (one.stopped() != null) {
        return "MET";
      } else if (known.getLast().phase() == Phase.PAUSED) {
        return "PAUSED";
      }
      return one.warn().isAfter(at) ? "OK" : "WARNING";
    }

    /// The worst of its targets.
    String state(Instant at) {
      List<String> states = Arrays.stream(Target.values()).map(t -> state(t, at)).toList();
      return List.of("BREACHED", "PAUSED", "WARNING", "OK", "MET").stream()
          .filter(states::contains)
          .findFirst()
          .orElseThrow();
    }

    List<String> targets(Instant at) {
      return Arrays.stream(Target.values())
          .map(target -> {
            One one = targets.get(target);
            boolean late = state(target, at).equals("BREACHED");
            return "%s %s %s %s %d/%d"
                .formatted(
                    target,
                    state(target, at),
                    one.due() == null ? "-" : one.due(),
                    late ? "false" : one.happened() ? "true" : "-",
                    elapsed(target, at),
                    one.allowed());
          })
          .toList();
    }
  }
}
