package com.telconova.workorder.technician;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ShiftTest {
  private static final ZoneId BOGOTA = ZoneId.of("America/Bogota");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant MONDAY_NOON = Instant.parse("2026-03-02T17:00:00Z");

  @Test
  void work_begins_at_once_when_it_is_over_before_the_shift() {
    Shift shift = shift("08:00", "18:00", DayOfWeek.MONDAY);

    assertThat(shift.earliest(MONDAY_NOON, HOUR.multipliedBy(6), MONDAY_NOON))
        .contains(MONDAY_NOON);
    assertThat(shift.earliest(MONDAY_NOON, HOUR.multipliedBy(7), MONDAY_NOON)).isEmpty();
  }

  @Test
  void work_that_does_not_fit_today_begins_with_the_next_shift() {
    Shift shift = shift("08:00", "18:00", DayOfWeek.MONDAY, DayOfWeek.THURSDAY);

    assertThat(shift.earliest(MONDAY_NOON, HOUR.multipliedBy(7), Instant.MAX))
        .contains(Instant.parse("2026-03-05T13:00:00Z"));
    assertThat(shift.earliest(MONDAY_NOON, HOUR.multipliedBy(11), Instant.MAX)).isEmpty();
  }

  @Test
  void a_shift_that_ends_before_it_starts_goes_on_into_the_next_day() {
    Shift night = shift("22:00", "06:00", DayOfWeek.MONDAY);
    Instant tuesdayAtFour = Instant.parse("2026-03-03T09:00:00Z");

    assertThat(night.contains(tuesdayAtFour)).isTrue();
    assertThat(night.contains(tuesdayAtFour.plus(HOUR.multipliedBy(2)))).isFalse();
    assertThat(night.contains(tuesdayAtFour.minus(Duration.ofDays(1)))).isFalse();
  }

  @Test
  void shifts_that_touch_are_one() {
    Shift always = shift("00:00", "00:00", DayOfWeek.values());

    assertThat(always.earliest(MONDAY_NOON, Duration.ofDays(3), MONDAY_NOON)).contains(MONDAY_NOON);
  }

  @Test
  void times_are_read_off_the_local_clock_on_the_day_it_changes_too() {
    Shift shift =
        new Shift(
            List.of(DayOfWeek.SUNDAY),
            LocalTime.parse("01:00"),
            LocalTime.parse("05:00"),
            ZoneId.of("Europe/Madrid"));
    Instant oneOClock = Instant.parse("2026-03-29T00:00:00Z");

    assertThat(shift.earliest(oneOClock, HOUR.multipliedBy(3), oneOClock)).contains(oneOClock);
    assertThat(shift.earliest(oneOClock, HOUR.multipliedBy(4), oneOClock)).isEmpty();
  }

  @Test
  void whatever_is_found_is_the_first_moment_at_which_every_minute_is_in_a_shift() {
    Random random = new Random(7);
    for (int run = 0; run < 300; run++) {
      Shift shift =
          new Shift(
              random.ints(1 + random.nextInt(4), 1, 8).mapToObj(DayOfWeek::of).toList(),
              LocalTime.of(random.nextInt(24), 0),
              LocalTime.of(random.nextInt(24), 0),
              BOGOTA);
      Instant from = MONDAY_NOON.plus(Duration.ofMinutes(30L * random.nextInt(336)));
      Duration length = Duration.ofMinutes(30 + 30L * random.nextInt(20));

      Instant expected = null;
      for (int half = 0; half < 48 * 8 && expected == null; half++) {
        Instant start = from.plus(Duration.ofMinutes(30L * half));
        expected = inside(shift, start, length) ? start : null;
      }

      assertThat(shift.earliest(from, length, from.plus(Duration.ofDays(8))).orElse(null))
          .as("%s from %s for %s", shift, from, length)
          .isEqualTo(expected);
    }
  }

  private static boolean inside(Shift shift, Instant start, Duration length) {
    for (Instant at = start; at.isBefore(start.plus(length)); at = at.plusSeconds(1800)) {
      if (!shift.contains(at)) {
        return false;
      }
    }
    return true;
  }

  private static Shift shift(String start, String end, DayOfWeek... days) {
    return new Shift(List.of(days), LocalTime.parse(start), LocalTime.parse(end), BOGOTA);
  }
}
