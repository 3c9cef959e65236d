package com.telconova.local.bench;

import java.util.Locale;

/// What the product may cost, and how a measured figure is judged by it.
enum Budget {
  GET_SHARE("GET /orders/{id}, ES256 token checked", "of pgbench's rate", Side.LEAST, 12, "%"),
  GET_CPU("GET /orders/{id}", "CPU a request", Side.MOST, 0.40, "ms"),
  LIST_SHARE("GET /orders?status=CREATED&limit=20", "of pgbench's rate", Side.LEAST, 30, "%"),
  CREATE_SHARE(
      "POST /orders (order, history, outbox; one commit)",
      "of pgbench's rate",
      Side.LEAST,
      50,
      "%"),
  CREATE_CPU("POST /orders", "CPU a request", Side.MOST, 0.45, "ms"),
  IDLE_RSS("idle service, 60 s after start, AOT cache, no recording", "RSS", Side.MOST, 96, "MiB"),
  IDLE_THREADS("idle service", "operating-system threads", Side.MOST, 32, ""),
  IDLE_DESCRIPTORS("idle service", "descriptors", Side.MOST, 100, ""),
  LOADED_RSS("after ten minutes of load, heap as shipped", "RSS", Side.MOST, 160, "MiB"),
  START("start: exec to the first 200 on ready, AOT cache", "median", Side.MOST, 900, "ms"),
  IMAGE_CACHED("image with the AOT cache", "uncompressed", Side.MOST, 150, "MB"),
  IMAGE_PLAIN("image without it", "uncompressed", Side.MOST, 110, "MB"),
  EVENT_P50("order created to timeline entry, 100 orders/s", "p50", Side.MOST, 50, "ms"),
  EVENT_P99("order created to timeline entry, 100 orders/s", "p99", Side.MOST, 500, "ms"),
  STREAMS("SSE clients in one tracking process with 512 MiB", "served", Side.LEAST, 10_000, ""),
  STREAM_P99("delivery to them, 500 orders, 50 updates/s", "p99", Side.MOST, 1_000, "ms"),
  STREAM_RSS("tracking with them", "RSS", Side.MOST, 512, "MiB");

  private enum Side {
    LEAST,
    MOST
  }

  private final String subject;
  private final String figure;
  private final Side side;
  private final double limit;
  private final String unit;

  Budget(String subject, String figure, Side side, double limit, String unit) {
    this.subject = subject;
    this.figure = figure;
    this.side = side;
    this.limit = limit;
    this.unit = unit;
  }

  /// What is looked at, and which figure of it.
  String what() {
    return subject + ": " + figure;
  }

  /// The bound, with its sign and unit.
  String wanted() {
    return (side == Side.LEAST ? "≥ " : "≤ ") + with(limit);
  }

  /// A figure in this budget's unit.
  String with(double figure) {
    return (number(figure) + " " + unit).strip();
  }

  boolean isMet(double figure) {
    return side == Side.LEAST ? figure >= limit : figure <= limit;
  }

  /// Met or not met, and by which share of the bound. A figure that is none was not measured.
  String verdict(double figure) {
    if (Double.isNaN(figure)) {
      return "not measured";
    }
    double share = Math.abs(figure - limit) / limit * 100;
    var by = number(share) + " %";
    if (figure == limit) {
      return "met exactly";
    }
    var direction = figure > limit ? " above" : " below";
    return (isMet(figure) ? "met, " : "**not met**, ") + by + direction;
  }

  /// Three digits that matter.
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    return String.format(
        Locale.ROOT,
        size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
        value);
  }
}
