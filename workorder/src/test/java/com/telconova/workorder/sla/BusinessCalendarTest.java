package com.telconova.workorder.sla;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /// Ley 51 of 1983: twelve of the eighteen are moved to a Monday. In 2025 the Sacred Heart and
  /// Saint Peter fell on the same one. Easter Sunday is none of the eighteen, but the library's:
  /// business is closed on it only the more.
  @ParameterizedTest
  @CsvSource({
    "2025, 01-01 01-06 03-24 04-17 04-18 04-20 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25",
    "2026, 01-01 01-12 03-23 04-02 04-03 04-05 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25",
    "2027, 01-01 01-11 03-22 03-25 03-26 03-28 05-01 05-10 05-31 06-07 07-05 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25",
  })
  void the_public_holidays_of_Colombia_are_those_of_the_law(int year, String expected) {
    BusinessCalendar daily =
        new BusinessCalendar(
            ZoneId.of("America/Bogota"),
            EnumSet.allOf(DayOfWeek.class),
            LocalTime.of(8, 0),
            LocalTime.of(18, 0),
            BOGOTA.holidays());

    String found =
        LocalDate.of(year, 1, 1)
            .datesUntil(LocalDate.of(year + 1, 1, 1))
            .filter(day -> !daily.isOpen(day))
            .map(day -> day.toString().substring(5))
            .collect(Collectors.joining(" "));

    assertThat(found).isEqualTo(expected);
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

  /// All the calendars whose hours a change of the clock can cut.
  private static List<BusinessCalendar> calendars(String zone) {
    List<BusinessCalendar> calendars = new ArrayList<>();
    for (Set<DayOfWeek> days : List.of(WEEKDAYS, EnumSet.allOf(DayOfWeek.class))) {
      for (String hours :
          List.of("00:00-06:00", "08:00-18:00", "01:30-02:15", "00:30-23:30", "22:00-23:59")) {
        calendars.add(
            new BusinessCalendar(
                ZoneId.of(zone),
                days,
                LocalTime.parse(hours.substring(0, 5)),
                LocalTime.parse(hours.substring(6)),
                _ -> false));
      }
    }
    return calendars;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "America/Santiago",
        "Europe/Madrid",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Asuncion",
        "America/Havana",
        "Africa/Cairo"
      })
  void across_every_change_of_the_clock_time_adds_up(String zone) {
    Random random = new Random(9);
    List<Instant> changes = new ArrayList<>();
    ZoneRules rules = ZoneId.of(zone).getRules();
    // Asunción changed its clock for the last time in October of 2024.
    for (Instant at = Instant.parse("2024-01-01T00:00:00Z");
        rules.nextTransition(at) != null && at.isBefore(Instant.parse("2027-01-01T00:00:00Z"));
        at = changes.getLast()) {
      changes.add(rules.nextTransition(at).getInstant());
    }
    assertThat(changes).hasSizeGreaterThanOrEqualTo(2);
    for (BusinessCalendar calendar : calendars(zone)) {
      for (Instant change : changes) {
        for (int run = 0; run < 40; run++) {
          Instant from = change.plusSeconds(random.nextInt(-200_000, 100_000));
          Instant middle = from.plusSeconds(random.nextInt(200_000));
          Instant to = middle.plusSeconds(random.nextInt(200_000));
          Duration time = Duration.ofSeconds(1 + random.nextInt(60_000));
          String what = "%s %s %s".formatted(calendar, from, time);

          Instant reached = calendar.add(from, time);

          assertThat(calendar.between(from, reached)).as(what).isEqualTo(time);
          assertThat(calendar.between(from, reached.minusNanos(1))).as(what).isLessThan(time);
          assertThat(calendar.add(from, time.plusSeconds(1))).as(what).isAfter(reached);
          assertThat(calendar.add(from.plusSeconds(1), time)).as(what).isAfterOrEqualTo(reached);
          assertThat(calendar.between(from, middle).plus(calendar.between(middle, to)))
              .as(what)
              .isEqualTo(calendar.between(from, to));
          assertThat(
                  calendar.add(
                      calendar.add(from, time.dividedBy(3)), time.minus(time.dividedBy(3))))
              .as(what)
              .isEqualTo(reached);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // how long 00:00-06:00 is on the day on which the clock goes forward, and back
    "Europe/Madrid, 2026-03-29, 5, 2026-10-25, 7",
    "America/New_York, 2026-03-08, 5, 2026-11-01, 7",
    "America/Santiago, 2026-09-06, 5, 2026-04-05, 6",
    "Australia/Lord_Howe, 2026-10-04, 5.5, 2026-04-05, 6.5",
    "America/Asuncion, 2024-10-06, 5, 2024-03-24, 6",
  })
  void the_night_on_which_the_clock_changes_is_as_long_as_it_was(
      String zone, LocalDate forward, double shorter, LocalDate back, double longer) {
    BusinessCalendar nights = calendars(zone).get(5);

    assertThat(hours(nights, forward)).isEqualTo(shorter);
    assertThat(hours(nights, back)).isEqualTo(longer);
  }

  private static double hours(BusinessCalendar calendar, LocalDate day) {
    // Santiago and Asunción put the clock back at midnight: 23:00 comes twice, on the day before.
    Instant begin = day.atStartOfDay(calendar.zone()).toInstant();
    return calendar.between(begin, begin.plus(Duration.ofHours(12))).toMinutes() / 60.0;
  }
}
