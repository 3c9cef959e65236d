package com.telconova.workorder.sla;

import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.ManagerParameters;
import java.time.LocalDate;
import java.time.Year;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The public holidays of a country, as jollyday knows them; for Colombia that includes those that
/// Ley 51 of 1983 moves to the next Monday. Thread-safe.
///
/// Reading the country takes some tenths of a second, so it waits for the first question.
final class Holidays implements Predicate<LocalDate> {
  private final String country;
  private final Map<Integer, Set<LocalDate>> years = new ConcurrentHashMap<>();

  /// @param country ISO 3166, lower case
  Holidays(String country) {
    this.country = country;
  }

  @Override
  public boolean test(LocalDate day) {
    return years.computeIfAbsent(day.getYear(), this::read).contains(day);
  }

  private Set<LocalDate> read(int year) {
    return HolidayManager.getInstance(ManagerParameters.create(country))
        .getHolidays(Year.of(year))
        .stream()
        .map(Holiday::getDate)
        .collect(Collectors.toUnmodifiableSet());
  }
}
