package com.telconova.workorder.sla;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BusinessCalendarTest {
  private static final Set<DayOfWeek> WEEKDAYS = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
  private static final BusinessCalendar BOGOTA =
      BusinessCalendar.of(
          new CalendarConfig(
              ZoneId.of("America/Bogota"),
              WEEKDAYS,
              LocalTime.of(8, 0),
              LocalTime.of(18, 0),
              "co"));

  @Test
  void the_public_holidays_of_Colombia_are_those_of_the_law() {
    // Ministerio del Trabajo, calendar of 2026; the moved ones fall on Mondays (Ley 51 of 1983).
    List<String> holidays =
        List.of(
            "2026-01-01",
            "2026-01-12",
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
            "2026-12-25");

    List<String> found =
        LocalDate.of(2026, 1, 1)
            .datesUntil(LocalDate.of(2027, 1, 1))
            .filter(day -> WEEKDAYS.contains(day.getDayOfWeek()) && !BOGOTA.isOpen(day))
            .map(LocalDate::toString)
            .toList();

    assertThat(found).containsExactlyElementsOf(holidays);
  }

  @Test
  void a_weekend_and_a_holiday_do_not_count() {
    Instant fridayAtFive = Instant.parse("2026-03-20T22:00:00Z");

    // Monday the 23rd is San José: the two hours left are on Tuesday.
    assertThat(BOGOTA.add(fridayAtFive, Duration.ofHours(3)))
        .isEqualTo(Instant.parse("2026-03-24T15:00:00Z"));
    assertThat(BOGOTA.between(fridayAtFive, Instant.parse("2026-03-24T15:00:00Z")))
        .isEqualTo(Duration.ofHours(3));
  }

  @Test
  void time_before_opening_and_after_closing_waits_for_the_next_opening() {
    Instant mondayAtSix = Instant.parse("2026-03-02T11:00:00Z");
    Instant mondayAtNine = Instant.parse("2026-03-03T02:00:00Z");

    assertThat(BOGOTA.add(mondayAtSix, Duration.ofHours(1)))
        .isEqualTo(Instant.parse("2026-03-02T14:00:00Z"));
    assertThat(BOGOTA.add(mondayAtNine, Duration.ofHours(1)))
        .isEqualTo(Instant.parse("2026-03-03T14:00:00Z"));
    assertThat(BOGOTA.add(mondayAtSix, Duration.ofHours(10)))
        .as("a whole day ends with it, not with the next")
        .isEqualTo(Instant.parse("2026-03-02T23:00:00Z"));
  }

  @Test
  void a_day_on_which_the_clock_changes_is_as_long_as_it_really_is() {
    BusinessCalendar nights =
        new BusinessCalendar(
            ZoneId.of("Europe/Madrid"),
            EnumSet.allOf(DayOfWeek.class),
            LocalTime.of(1, 0),
            LocalTime.of(5, 0),
            _ -> false);
    Instant spring = Instant.parse("2026-03-28T23:00:00Z");
    Instant autumn = Instant.parse("2026-10-24T22:00:00Z");

    assertThat(nights.between(spring, spring.plus(Duration.ofHours(12))))
        .isEqualTo(Duration.ofHours(3));
    assertThat(nights.between(autumn, autumn.plus(Duration.ofHours(12))))
        .isEqualTo(Duration.ofHours(5));
  }

  @Test
  void what_is_added_is_what_lies_between_wherever_the_clock_changes() {
    Random random = new Random(3);
    for (String zone : List.of("America/Bogota", "Europe/Madrid", "America/Santiago")) {
      BusinessCalendar calendar =
          new BusinessCalendar(
              ZoneId.of(zone),
              WEEKDAYS,
              LocalTime.of(8, 0),
              LocalTime.of(18, 0),
              BOGOTA.holidays());
      Instant start = Instant.parse("2026-01-01T00:00:00Z");
      for (int run = 0; run < 500; run++) {
        Instant from = start.plusSeconds(random.nextInt(365 * 24 * 3600));
        Duration time = Duration.ofSeconds(1 + random.nextInt(100 * 3600));

        Instant reached = calendar.add(from, time);

        assertThat(calendar.between(from, reached)).as("%s %s", zone, from).isEqualTo(time);
        assertThat(calendar.between(from, reached.minusSeconds(1)))
            .as("the first such moment")
            .isLessThan(time);
      }
    }
  }
}
