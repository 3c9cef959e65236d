package com.telconova.local.lab;

import java.time.Duration;

/// A measured number with its unit.
///
/// @param value in the unit's base: seconds, bytes, 1 for all of it
record Quantity(double value, Unit unit) {
  /// What is measured.
  enum Unit {
    /// Seconds; shown in ns, µs, ms or s.
    TIME,
    /// Bytes; shown in B, KiB, MiB or GiB.
    BYTES,
    /// A number of things.
    COUNT,
    /// A part of 1; shown in per cent.
    SHARE,
    /// How many times as much; the text says so.
    FACTOR,
    /// How often in a second; the text says so.
    RATE,
    /// Bytes in a second.
    THROUGHPUT
  }

  static Quantity seconds(double seconds) {
    return new Quantity(seconds, Unit.TIME);
  }

  static Quantity nanos(double nanos) {
    return new Quantity(nanos / 1e9, Unit.TIME);
  }

  static Quantity time(Duration duration) {
    return nanos(duration.toNanos());
  }

  static Quantity bytes(double bytes) {
    return new Quantity(bytes, Unit.BYTES);
  }

  static Quantity count(double count) {
    return new Quantity(count, Unit.COUNT);
  }

  static Quantity share(double share) {
    return new Quantity(share, Unit.SHARE);
  }

  static Quantity factor(double factor) {
    return new Quantity(factor, Unit.FACTOR);
  }

  static Quantity rate(double perSecond) {
    return new Quantity(perSecond, Unit.RATE);
  }

  static Quantity throughput(double bytesPerSecond) {
    return new Quantity(bytesPerSecond, Unit.THROUGHPUT);
  }
}
