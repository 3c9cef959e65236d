package com.telconova.local.report.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/// Numbers for people, three digits or so.
public final class Units {
  /// What is said of what is not known.
  public static final String UNKNOWN = "unknown";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private Units() {}

  /// A span of time; unknown below 0.
  public static String nanos(long nanos) {
    if (nanos < 0) {
      return UNKNOWN;
    }
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000) {
      return digits(nanos / 1e3) + " µs";
    }
    if (nanos < 1_000_000_000) {
      return digits(nanos / 1e6) + " ms";
    }
    if (nanos < 600_000_000_000L) {
      return digits(nanos / 1e9) + " s";
    }
    return digits(nanos / 60e9) + " min";
  }

  public static String nanos(OptionalLong nanos) {
    return nanos.isEmpty() ? UNKNOWN : nanos(nanos.getAsLong());
  }

  /// Seconds, to the hundredth.
  public static String seconds(long nanos) {
    return nanos < 0 ? UNKNOWN : format("%,.2f s", nanos / 1e9);
  }

  public static String seconds(OptionalLong nanos) {
    return nanos.isEmpty() ? UNKNOWN : seconds(nanos.getAsLong());
  }

  /// Unknown below 0.
  public static String bytes(double bytes) {
    if (Double.isNaN(bytes) || bytes < 0) {
      return UNKNOWN;
    }
    if (bytes < 1024) {
      return format("%.0f B", bytes);
    }
    if (bytes < 1024 * 1024) {
      return digits(bytes / 1024) + " KiB";
    }
    if (bytes < 10 * 1024.0 * 1024 * 1024) {
      return digits(bytes / 1024 / 1024) + " MiB";
    }
    return digits(bytes / 1024 / 1024 / 1024) + " GiB";
  }

  public static String bytes(OptionalLong bytes) {
    return bytes.isEmpty() ? UNKNOWN : bytes(bytes.getAsLong());
  }

  /// A whole number; unknown below 0.
  public static String count(long count) {
    return count < 0 ? UNKNOWN : format("%,d", count);
  }

  public static String count(OptionalLong count) {
    return count.isEmpty() ? UNKNOWN : count(count.getAsLong());
  }

  /// Any number; unknown when it is none.
  public static String number(double number) {
    return Double.isNaN(number) ? UNKNOWN : digits(number);
  }

  public static String percent(double share) {
    return Double.isNaN(share) ? UNKNOWN : format("%.1f %%", share * 100);
  }

  /// So many in so many nanoseconds, a second.
  public static String rate(OptionalLong count, OptionalLong nanos) {
    return count.isEmpty() || nanos.isEmpty() || nanos.getAsLong() == 0
        ? UNKNOWN
        : digits(count.getAsLong() / (nanos.getAsLong() / 1e9)) + "/s";
  }

  /// Hours, minutes and seconds of UTC.
  ///
  /// @param at in nanoseconds since 1970
  public static String time(long at) {
    return TIME.format(instant(at));
  }

  /// With milliseconds.
  public static String exactTime(long at) {
    return EXACT.format(instant(at));
  }

  /// Day and time of UTC.
  public static String moment(long at) {
    return MOMENT.format(instant(at));
  }

  /// As [String#format], in the same way everywhere.
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static Instant instant(long at) {
    return Instant.ofEpochSecond(
        Math.floorDiv(at, 1_000_000_000L), Math.floorMod(at, 1_000_000_000L));
  }

  private static String digits(double number) {
    double size = Math.abs(number);
    if (size >= 99.95) {
      return format("%,.0f", number);
    }
    return format(size >= 9.995 ? "%.1f" : "%.2f", number);
  }
}
