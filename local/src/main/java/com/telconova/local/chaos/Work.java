package com.telconova.local.chaos;

import java.util.Map;

/// What clients ask for and technicians report.
final class Work {
  private Work() {}

  /// The body of `POST /orders`.
  static Map<String, Object> order(String title, int number) {
    return Map.of(
        "title", title,
        "description", "Number " + number,
        "category", "REPAIR",
        "priority", "P3",
        "zone", "NORTH",
        "address", "Calle 93 # 11-26, Bogota");
  }

  /// The body of an update that completes the work.
  static Map<String, Object> completion() {
    return Map.of(
        "kind",
        "WORK_COMPLETED",
        "comment",
        "Signal is back",
        "resolution",
        Map.of("code", "CONNECTOR_REPLACED", "outcome", "RESOLVED", "comment", "-18 dBm"));
  }
}
