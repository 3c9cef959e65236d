package com.telconova.local.report.figures;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;

/// Requests by route, over time, and the slowest of them.
public final class Requests {
  /// So many of the slowest are explained.
  public static final int SLOWEST = 8;

  private static final int MAX_ROUTES = 300;

  private final Map<String, Route> routes = new HashMap<>();
  private final Route all = new Route("all");
  private final Buckets rate;
  private final Buckets failures;
  private final PriorityQueue<SlowRequest> slowest =
      new PriorityQueue<>(SlowRequest.SLOWEST_FIRST.reversed());
  private Map<Long, List<SlowRequest>> byThread = Map.of();

  /// The requests of one method and route.
  public static final class Route {
    private final String name;
    private final Histogram duration = new Histogram();
    private long clientErrors;
    private long serverErrors;

    private Route(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    public Histogram duration() {
      return duration;
    }

    /// Those answered with 4xx.
    public long clientErrors() {
      return clientErrors;
    }

    /// Those answered with 5xx.
    public long serverErrors() {
      return serverErrors;
    }

    private void add(long nanos, long status) {
      duration.add(nanos);
      if (status >= 500) {
        serverErrors++;
      } else if (status >= 400) {
        clientErrors++;
      }
    }
  }

  Requests(Axis axis) {
    rate = new Buckets(axis);
    failures = new Buckets(axis);
  }

  void register(Events events) {
    events.on("microflow.HttpRequest", this::add);
  }

  private void add(RecordedEvent event) {
    long start = Fields.start(event);
    long end = Fields.end(event);
    long status = Fields.number(event, "status");
    String route = Fields.text(event, "route");
    String name = (Fields.text(event, "method") + " " + route).strip();
    Route counted = routes.get(name);
    if (counted == null) {
      String kept = routes.size() < MAX_ROUTES ? name : Sites.OTHER;
      counted = routes.computeIfAbsent(kept, Route::new);
    }
    counted.add(end - start, status);
    all.add(end - start, status);
    rate.add(end, 1);
    if (status >= 500) {
      failures.add(end, 1);
    }
    // A stream lasts as long as somebody listens: that is no delay.
    boolean candidate = slowest.size() < SLOWEST || slowest.peek().nanos() <= end - start;
    if (candidate && !route.endsWith("/stream")) {
      slowest.add(
          new SlowRequest(
              start,
              end,
              Fields.thread(event, "eventThread"),
              name,
              status,
              Fields.text(event, "requestId"),
              Fields.text(event, "traceId")));
      if (slowest.size() > SLOWEST) {
        slowest.poll();
      }
    }
  }

  public Route all() {
    return all;
  }

  /// The most asked for first.
  public List<Route> routes(int limit) {
    return routes.values().stream()
        .sorted(
            Comparator.comparingLong((Route route) -> route.duration().count())
                .reversed()
                .thenComparing(Route::name))
        .limit(limit)
        .toList();
  }

  public int routeCount() {
    return routes.size();
  }

  /// How many ended in each part of the axis.
  public Buckets rate() {
    return rate;
  }

  /// How many of them with 5xx.
  public Buckets failures() {
    return failures;
  }

  /// The slowest first.
  public List<SlowRequest> slowest() {
    return slowest.stream().sorted(SlowRequest.SLOWEST_FIRST).toList();
  }

  /// The slowest that a thread worked on; to be asked when all requests are known.
  Stream<SlowRequest> slowestOf(long thread) {
    if (byThread.isEmpty()) {
      byThread = new HashMap<>();
      slowest.forEach(request ->
          byThread
              .computeIfAbsent(request.thread(), t -> new java.util.ArrayList<>())
              .add(request));
    }
    return byThread.getOrDefault(thread, List.of()).stream();
  }
}
