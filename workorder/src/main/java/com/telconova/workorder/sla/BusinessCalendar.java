package com.telconova.workorder.sla;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Predicate;

/// Business hours: the same hours on some days of the week, not on holidays. On a day on which the
/// local clock changes within them, they are as long as they really are.
///
/// @param opens,closes of one day, by the local clock
/// @param holidays whether a day is a public holiday
public record BusinessCalendar(
    ZoneId zone,
    Set<DayOfWeek> days,
    LocalTime opens,
    LocalTime closes,
    Predicate<LocalDate> holidays)
    implements WorkingTime {
  /// No calendar is closed longer than this; one that is has no working days at all.
  private static final int MAX_CLOSED_DAYS = 366;

  public BusinessCalendar {
    days = Set.copyOf(days);
    if (days.isEmpty() || !closes.isAfter(opens)) {
      throw new IllegalArgumentException("a calendar that is never open");
    }
  }

  public static BusinessCalendar of(CalendarConfig config) {
    Predicate<LocalDate> holidays =
        config.holidays().equals("-") ? _ -> false : new Holidays(config.holidays());
    return new BusinessCalendar(
        config.zone(), config.days(), config.opens(), config.closes(), holidays);
  }

  /// How long an ordinary business day is.
  public Duration day() {
    return Duration.between(opens, closes);
  }

  public boolean isOpen(LocalDate day) {
    return days.contains(day.getDayOfWeek()) && !holidays.test(day);
  }

  /// How many business days begin between two moments.
  public long days(Instant from, Instant to) {
    LocalDate first = from.atZone(zone).toLocalDate();
    return to.isBefore(from)
        ? 0
        : first.datesUntil(to.atZone(zone).toLocalDate()).filter(this::isOpen).count();
  }

  /// @throws IllegalStateException when no business day comes within a year
  @Override
  public Instant add(Instant from, Duration time) {
    if (time.isZero()) {
      return from;
    }
    Duration left = time;
    LocalDate day = from.atZone(zone).toLocalDate();
    for (int closed = 0; closed < MAX_CLOSED_DAYS; day = day.plusDays(1)) {
      if (!isOpen(day)) {
        closed++;
        continue;
      }
      closed = 0;
      Instant begin = later(from, at(day, opens));
      Duration here = positive(begin, at(day, closes));
      if (left.compareTo(here) <= 0) {
        return begin.plus(left);
      }
      left = left.minus(here);
    }
    throw new IllegalStateException("no business day within a year of " + from);
  }

  @Override
  public Duration between(Instant from, Instant to) {
    Duration sum = Duration.ZERO;
    LocalDate last = to.atZone(zone).toLocalDate();
    for (LocalDate day = from.atZone(zone).toLocalDate();
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (isOpen(day)) {
        Instant end = at(day, closes);
        sum = sum.plus(positive(later(from, at(day, opens)), to.isBefore(end) ? to : end));
      }
    }
    return sum;
  }

  private Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).atZone(zone).toInstant();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Duration positive(Instant from, Instant to) {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }
}
