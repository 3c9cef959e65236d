package com.telconova.workorder.sla;

import static com.telconova.workorder.sla.Moment.Phase.ASSIGNED;
import static com.telconova.workorder.sla.Moment.Phase.CANCELLED;
import static com.telconova.workorder.sla.Moment.Phase.COMPLETED;
import static com.telconova.workorder.sla.Moment.Phase.OPEN;
import static com.telconova.workorder.sla.Moment.Phase.PAUSED;
import static com.telconova.workorder.sla.Moment.Phase.WORKING;
import static com.telconova.workorder.sla.Priority.P1;
import static com.telconova.workorder.sla.Priority.P2;
import static com.telconova.workorder.sla.Priority.P3;
import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.workorder.sla.Moment.Phase;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlaPolicyTest {
  private static final BusinessCalendar CALENDAR =
      new BusinessCalendar(
          ZoneId.of("America/Bogota"),
          EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
          LocalTime.of(8, 0),
          LocalTime.of(18, 0),
          _ -> false);
  private static final SlaPolicy POLICY = new SlaPolicy(CALENDAR);

  /// Monday, 10:00 in Bogotá.
  private static final Instant START = Instant.parse("2026-03-02T15:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "P1, 2026-03-02T15:15:00Z, 2026-03-02T17:00:00Z, 2026-03-02T19:00:00Z",
    "P2, 2026-03-02T15:30:00Z, 2026-03-02T19:00:00Z, 2026-03-02T23:00:00Z",
    "P3, 2026-03-02T19:00:00Z, 2026-03-03T15:00:00Z, 2026-03-04T15:00:00Z",
    "P4, 2026-03-03T15:00:00Z, 2026-03-05T15:00:00Z, 2026-03-09T15:00:00Z",
  })
  void each_priority_promises_what_the_table_says(
      Priority priority, Instant assign, Instant arrive, Instant resolve) {
    Sla sla = POLICY.of(List.of(new Moment(START, priority, OPEN)));

    assertThat(sla.assignBy()).isEqualTo(assign);
    assertThat(sla.arriveBy()).isEqualTo(arrive);
    assertThat(sla.resolveBy()).isEqualTo(resolve);
    assertThat(sla.dueAt()).isEqualTo(assign);
  }

  @Test
  void three_quarters_warn_and_the_whole_breaches() {
    Sla sla = POLICY.of(List.of(at(0, P2, OPEN)));

    assertThat(sla.state(after(22))).isEqualTo(SlaState.OK);
    assertThat(sla.state(after(23))).isEqualTo(SlaState.WARNING);
    assertThat(sla.state(after(30))).isEqualTo(SlaState.BREACHED);
  }

  @Test
  void what_was_missed_once_stays_breached_and_what_was_kept_is_met() {
    Sla late =
        POLICY.of(
            List.of(
                at(0, P2, OPEN), at(31, P2, ASSIGNED), at(40, P2, WORKING), at(50, P2, COMPLETED)));
    Sla kept =
        POLICY.of(
            List.of(
                at(0, P2, OPEN), at(30, P2, ASSIGNED), at(40, P2, WORKING), at(50, P2, COMPLETED)));

    assertThat(late.state(after(60))).isEqualTo(SlaState.BREACHED);
    assertThat(kept.state(after(9_999))).isEqualTo(SlaState.MET);
  }

  @Test
  void nothing_is_promised_of_an_order_that_was_given_up() {
    Sla early = POLICY.of(List.of(at(0, P2, OPEN), at(20, P2, CANCELLED)));
    Sla late = POLICY.of(List.of(at(0, P2, OPEN), at(40, P2, CANCELLED)));

    assertThat(early.state(after(9_999))).isEqualTo(SlaState.MET);
    assertThat(late.state(after(9_999))).isEqualTo(SlaState.BREACHED);
  }

  @Test
  void while_the_customer_keeps_us_waiting_the_clock_stands_still() {
    List<Moment> waiting =
        List.of(at(0, P2, OPEN), at(10, P2, ASSIGNED), at(60, P2, WORKING), at(120, P2, PAUSED));
    Sla paused = POLICY.of(waiting);
    List<Moment> more = new ArrayList<>(waiting);
    more.add(at(1_120, P2, WORKING));

    assertThat(paused.state(after(5_000))).isEqualTo(SlaState.PAUSED);
    assertThat(paused.resolveBy()).isNull();
    assertThat(POLICY.of(more).resolveBy()).isEqualTo(after(480 + 1_000));
  }

  @Test
  void nobody_is_told_of_a_promise_whose_clock_stands_still() {
    List<Moment> waiting =
        List.of(at(0, P2, OPEN), at(10, P2, ASSIGNED), at(60, P2, WORKING), at(400, P2, PAUSED));
    List<Moment> more = new ArrayList<>(waiting);
    more.add(at(1_400, P2, WORKING));

    assertThat(Crossing.of(POLICY.promises(waiting))).isEmpty();
    assertThat(Crossing.of(POLICY.promises(more)))
        .containsExactly(
            new Crossing(Target.RESOLVE, Crossing.Level.WARNING, after(360), after(1_480)),
            new Crossing(Target.RESOLVE, Crossing.Level.BREACHED, after(1_480), after(1_480)));
  }

  @Test
  void an_order_that_declined_its_technician_was_assigned_all_the_same() {
    Sla sla = POLICY.of(List.of(at(0, P2, OPEN), at(10, P2, ASSIGNED), at(20, P2, OPEN)));

    assertThat(sla.dueAt()).as("arrival is what is open").isEqualTo(sla.arriveBy());
  }

  @Test
  void an_order_that_turns_urgent_keeps_the_time_that_passed() {
    // Two business hours of P3 leave two of the four that P1 allows to resolve.
    Sla urgent = POLICY.of(List.of(at(0, P3, OPEN), at(120, P1, OPEN)));
    // On Sunday no business time passed: P1 has all its time from then on.
    Instant saturday = Instant.parse("2026-03-07T15:00:00Z");
    Sla weekend =
        POLICY.of(
            List.of(
                new Moment(saturday, P3, OPEN),
                new Moment(saturday.plus(Duration.ofDays(1)), P1, OPEN)));

    assertThat(urgent.resolveBy()).isEqualTo(after(240));
    assertThat(urgent.assignBy()).as("it was due before").isEqualTo(after(15));
    assertThat(urgent.state(after(120))).isEqualTo(SlaState.BREACHED);
    assertThat(weekend.assignBy())
        .isEqualTo(saturday.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(15)));
  }

  @Test
  void a_target_that_was_met_does_not_change_with_a_later_priority() {
    Sla sla = POLICY.of(List.of(at(0, P3, OPEN), at(100, P3, ASSIGNED), at(110, P1, ASSIGNED)));

    assertThat(sla.assignBy()).isEqualTo(after(240));
  }

  @Test
  void any_history_gives_what_counting_minute_by_minute_gives() {
    Random random = new Random(5);
    for (int run = 0; run < 200; run++) {
      List<Moment> history = history(random);

      for (Promise promise : POLICY.promises(history)) {
        assertThat(promise.dueAt())
            .as("%s of %s", promise.target(), history)
            .isEqualTo(counted(promise.target(), history));
      }
    }
  }

  /// An order that moves as orders may, and changes its priority at any time.
  private static List<Moment> history(Random random) {
    List<Moment> history = new ArrayList<>();
    Instant at = START.plus(Duration.ofMinutes(random.nextInt(10_000)));
    Phase phase = OPEN;
    Priority priority = Priority.values()[random.nextInt(4)];
    history.add(new Moment(at, priority, phase));
    for (int i = random.nextInt(8); i > 0; i--) {
      at = at.plus(Duration.ofMinutes(1 + random.nextInt(1_500)));
      if (random.nextInt(3) == 0) {
        priority = Priority.values()[random.nextInt(4)];
      } else {
        phase =
            switch (phase) {
              case OPEN -> ASSIGNED;
              case ASSIGNED -> random.nextBoolean() ? WORKING : OPEN;
              case WORKING -> random.nextBoolean() ? PAUSED : WORKING;
              case PAUSED -> WORKING;
              case COMPLETED, CANCELLED -> phase;
            };
      }
      history.add(new Moment(at, priority, phase));
    }
    return history;
  }

  private static Instant counted(Target target, List<Moment> history) {
    List<Moment> running =
        history.stream()
            .takeWhile(moment ->
                target == Target.RESOLVE
                    || moment.phase() == OPEN
                    || (target == Target.ARRIVE && moment.phase() == ASSIGNED))
            .toList();
    long minutes = minutes(target, running.getLast().priority());
    int index = 0;
    for (Instant at = running.getFirst().at(); minutes > 0; at = at.plusSeconds(60)) {
      while (index + 1 < running.size() && !running.get(index + 1).at().isAfter(at)) {
        index++;
      }
      Moment now = running.get(index);
      boolean paused = now.phase() == PAUSED && target == Target.RESOLVE;
      if (paused && index == running.size() - 1) {
        return null;
      }
      boolean business = now.priority().compareTo(P3) >= 0;
      boolean counts = !business || !CALENDAR.between(at, at.plusSeconds(60)).isZero();
      if (counts && !paused && --minutes == 0) {
        return at.plusSeconds(60);
      }
    }
    throw new IllegalStateException();
  }

  private static long minutes(Target target, Priority priority) {
    int[][] table = {
      {15, 120, 240}, {30, 240, 480}, {240, 600, 1_200}, {600, 1_800, 3_000},
    };
    return table[priority.ordinal()][target.ordinal()];
  }

  private static Moment at(int minutes, Priority priority, Phase phase) {
    return new Moment(after(minutes), priority, phase);
  }

  private static Instant after(int minutes) {
    return START.plus(Duration.ofMinutes(minutes));
  }
}
