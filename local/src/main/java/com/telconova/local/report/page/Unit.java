package com.telconova.local.report.page;

import java.util.function.DoubleFunction;

/// What the numbers of a chart are.
public enum Unit {
  CORES("processors", Units::number),
  BYTES("bytes", Units::bytes),
  BYTES_PER_SECOND("bytes a second", number -> Units.bytes(number) + "/s"),
  COUNT("", number -> Units.number(number)),
  PER_SECOND("a second", number -> Units.number(number) + "/s"),
  MILLIS("ms", number -> Units.number(number) + " ms");

  private final String title;
  private final DoubleFunction<String> format;

  Unit(String title, DoubleFunction<String> format) {
    this.title = title;
    this.format = format;
  }

  String title() {
    return title;
  }

  String text(double number) {
    return Double.isNaN(number) ? Units.UNKNOWN : format.apply(number);
  }

  /// Whether steps of its scale are powers of two.
  boolean isBinary() {
    return this == BYTES || this == BYTES_PER_SECOND;
  }
}
