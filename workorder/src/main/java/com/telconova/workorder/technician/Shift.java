package com.telconova.workorder.technician;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// When somebody works, week after week.
///
/// @param days on which a shift begins, Monday first, at least one
/// @param start inclusive, to the minute
/// @param end exclusive; at or before `start`: on the next day
/// @param timeZone where these times are read off the clock
public record Shift(List<DayOfWeek> days, LocalTime start, LocalTime end, ZoneId timeZone) {
  /// How many days ahead a start is looked for.
  private static final int MAX_DAYS = 32;

  public Shift {
    days = days.stream().distinct().sorted().toList();
    if (days.isEmpty()) {
      throw new IllegalArgumentException("a shift without days");
    }
  }

  /// When, from `from` to `latest` (both included), something of this length can begin that is over
  /// before the shift is. Shifts that touch count as one.
  ///
  /// @return empty when it fits nowhere, or nowhere within a month
  public Optional<Instant> earliest(Instant from, Duration length, Instant latest) {
    LocalDate day = from.atZone(timeZone).toLocalDate().minusDays(1);
    Instant opened = Instant.MIN;
    Instant closes = Instant.MIN;
    for (int i = 0; i < MAX_DAYS; i++, day = day.plusDays(1)) {
      if (!days.contains(day.getDayOfWeek())) {
        continue;
      }
      Instant begins = at(day, start);
      opened = begins.isAfter(closes) ? begins : opened;
      closes = at(end.isAfter(start) ? day : day.plusDays(1), end);
      Instant begin = opened.isAfter(from) ? opened : from;
      if (begin.isAfter(latest)) {
        return Optional.empty();
      } else if (!begin.plus(length).isAfter(closes)) {
        return Optional.of(begin);
      }
    }
    return Optional.empty();
  }

  /// Whether this moment is in a shift.
  public boolean contains(Instant moment) {
    return earliest(moment, Duration.ofNanos(1), moment).isPresent();
  }

  /// Of a time that comes twice, on the day on which the clock goes back, the second: as PostgreSQL
  /// has it.
  private Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).atZone(timeZone).withLaterOffsetAtOverlap().toInstant();
  }
}
