package com.telconova.workorder.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.token.Role;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.sla.Target;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HoldReasonTest {
  /// Monday, 10:00 in Bogotá.
  private static final Instant START = Instant.parse("2026-03-02T15:00:00Z");

  private static final SlaPolicy POLICY =
      new SlaPolicy(
          new BusinessCalendar(
              ZoneId.of("America/Bogota"),
              EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
              LocalTime.of(8, 0),
              LocalTime.of(18, 0),
              _ -> false));

  @ParameterizedTest
  @CsvSource({
    "CUSTOMER, false",
    "ACCESS, false",
    "FORCE_MAJEURE, false",
    "PARTS, true",
    "OTHER, true",
  })
  void the_time_to_resolve_goes_on_only_while_the_delay_is_ours(HoldReason reason, boolean counts) {
    Random random = new Random(reason.ordinal());
    for (Priority priority : Priority.values()) {
      for (int run = 0; run < 50; run++) {
        Instant begun = START.plusSeconds(random.nextInt(7_200));
        Instant held = begun.plusSeconds(random.nextInt(3_600));
        Instant resumed = held.plusSeconds(1 + random.nextInt(400_000));
        List<Moment> known =
            Stream.of(
                    entry(START, OrderStatus.CREATED, priority, null),
                    entry(begun, OrderStatus.IN_PROGRESS, priority, null),
                    entry(held, OrderStatus.ON_HOLD, priority, reason),
                    entry(resumed, OrderStatus.IN_PROGRESS, priority, null))
                .map(HistoryEntry::moment)
                .toList();

        Duration before = POLICY.elapsed(Target.RESOLVE, known, held);
        Duration after = POLICY.elapsed(Target.RESOLVE, known, resumed);
        Duration all = POLICY.elapsed(Target.RESOLVE, List.of(known.get(0), known.get(1)), resumed);

        assertThat(after).isEqualTo(counts ? all : before);
        assertThat(POLICY.of(known.subList(0, 3)).paused()).isEqualTo(!counts);
      }
    }
  }

  private static HistoryEntry entry(
      Instant at, OrderStatus to, Priority priority, HoldReason reason) {
    Actor actor = new Actor(new UUID(0, 1), Role.SUPERVISOR);
    return new HistoryEntry(1, at, actor, null, to, priority, null, reason, null, null, List.of());
  }
}
