package com.telconova.workorder.sla;

import com.telconova.shared.config.Settings;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// When business is open.
///
/// @param zone `BUSINESS_TIME_ZONE`: an IANA zone, default America/Bogota
/// @param days `BUSINESS_DAYS`: days of the week separated by commas, default
///   MONDAY,TUESDAY,WEDNESDAY,THURSDAY,FRIDAY
/// @param opens,closes `BUSINESS_HOURS`: on one day, to the minute, default 08:00-18:00
/// @param holidays `BUSINESS_HOLIDAYS`: the ISO 3166 code of the country whose public holidays are
///   kept, default `co`; `-` for none
public record CalendarConfig(
    ZoneId zone, Set<DayOfWeek> days, LocalTime opens, LocalTime closes, String holidays) {
  public CalendarConfig {
    days = Set.copyOf(days);
  }

  public static CalendarConfig from(Settings settings) {
    LocalTime[] hours =
        settings.value(
            "BUSINESS_HOURS",
            "08:00-18:00",
            "two times of one day such as 08:00-18:00",
            CalendarConfig::hours);
    return new CalendarConfig(
        settings.value(
            "BUSINESS_TIME_ZONE",
            "America/Bogota",
            "an IANA time zone such as America/Bogota",
            ZoneId::of),
        settings.value(
            "BUSINESS_DAYS",
            "MONDAY,TUESDAY,WEDNESDAY,THURSDAY,FRIDAY",
            "days of the week such as MONDAY,TUESDAY",
            CalendarConfig::days),
        hours == null ? LocalTime.MIN : hours[0],
        hours == null ? LocalTime.MAX : hours[1],
        settings.value(
            "BUSINESS_HOLIDAYS",
            "co",
            "the ISO 3166 code of a country such as co, or - for none",
            CalendarConfig::country));
  }

  private static LocalTime[] hours(String text) {
    String[] parts = text.split("-", -1);
    LocalTime[] hours = {LocalTime.parse(parts[0].strip()), LocalTime.parse(parts[1].strip())};
    if (parts.length != 2 || !hours[1].isAfter(hours[0])) {
      throw new IllegalArgumentException(text);
    }
    return hours;
  }

  private static Set<DayOfWeek> days(String text) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    Arrays.stream(text.split(","))
        .forEach(day -> days.add(DayOfWeek.valueOf(day.strip().toUpperCase(Locale.ROOT))));
    return days;
  }

  private static String country(String text) {
    if (!text.matches("-|[A-Za-z]{2}")) {
      throw new IllegalArgumentException(text);
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
