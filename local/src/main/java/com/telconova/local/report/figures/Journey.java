package com.telconova.local.report.figures;

import java.util.ArrayList;
import java.util.List;

/// One event on its way: published by one process, polled and handled by one or more.
public final class Journey {
  /// No moment is known.
  public static final long UNKNOWN = Long.MIN_VALUE;

  private static final int MAX_LEGS = 8;
  private static final int MAX_REQUESTS = 6;

  private final String id;
  private String type = "";
  private String trace = "";
  private int publisher = -1;
  private long publishStart = UNKNOWN;
  private long publishEnd = UNKNOWN;
  private final List<Leg> legs = new ArrayList<>(2);
  private final List<Request> requests = new ArrayList<>(0);

  /// What one process did with it.
  public static final class Leg {
    private final int process;
    private long pollStart = UNKNOWN;
    private long pollEnd = UNKNOWN;
    private long handleStart = UNKNOWN;
    private long handleEnd = UNKNOWN;

    private Leg(int process) {
      this.process = process;
    }

    /// The number of its recording.
    public int process() {
      return process;
    }

    public long pollStart() {
      return pollStart;
    }

    /// When the poll that brought it ended.
    public long pollEnd() {
      return pollEnd;
    }

    public long handleStart() {
      return handleStart;
    }

    public long handleEnd() {
      return handleEnd;
    }

    public boolean isHandled() {
      return handleEnd != UNKNOWN;
    }

    public boolean isPolled() {
      return pollEnd != UNKNOWN;
    }
  }

  /// A request of the same trace.
  public record Request(int process, String name, long start, long end) {}

  Journey(String id) {
    this.id = id;
  }

  void published(int process, String itsTrace, long start, long end) {
    if (publisher < 0 || start < publishStart) {
      publisher = process;
      publishStart = start;
      publishEnd = end;
      trace = itsTrace.isEmpty() ? trace : itsTrace;
    }
  }

  void polled(int process, long start, long end) {
    Leg leg = leg(process);
    if (leg != null && (!leg.isPolled() || end < leg.pollEnd)) {
      leg.pollStart = start;
      leg.pollEnd = end;
    }
  }

  void handled(int process, String itsType, String itsTrace, long start, long end, boolean failed) {
    type = itsType;
    trace = trace.isEmpty() ? itsTrace : trace;
    Leg leg = leg(process);
    if (leg != null && !failed && (!leg.isHandled() || end < leg.handleEnd)) {
      leg.handleStart = start;
      leg.handleEnd = end;
    }
  }

  void asked(Request request) {
    if (requests.size() < MAX_REQUESTS && !requests.contains(request)) {
      requests.add(request);
    }
  }

  private Leg leg(int process) {
    for (Leg leg : legs) {
      if (leg.process == process) {
        return leg;
      }
    }
    if (legs.size() == MAX_LEGS) {
      return null;
    }
    legs.add(new Leg(process));
    return legs.getLast();
  }

  public String id() {
    return id;
  }

  /// Empty while nobody has handled it.
  public String type() {
    return type;
  }

  /// Empty when it has none.
  public String trace() {
    return trace;
  }

  /// The number of the publisher's recording; -1 when it is in none.
  public int publisher() {
    return publisher;
  }

  public boolean isPublished() {
    return publisher >= 0;
  }

  public long publishStart() {
    return publishStart;
  }

  public long publishEnd() {
    return publishEnd;
  }

  /// In the order of the recordings.
  public List<Leg> legs() {
    return legs;
  }

  /// Requests of its trace, in the order of time.
  public List<Request> requests() {
    return requests.stream().sorted(java.util.Comparator.comparingLong(Request::start)).toList();
  }

  /// Whether it was seen published and, by somebody, handled.
  public boolean isWhole() {
    return isPublished() && legs.stream().anyMatch(Leg::isHandled);
  }

  /// From the call that published it to the end of its last handling, in nanoseconds; only when it
  /// is whole.
  public long nanos() {
    return end() - publishStart;
  }

  /// When its last handling ended.
  public long end() {
    return legs.stream().filter(Leg::isHandled).mapToLong(Leg::handleEnd).max().orElse(publishEnd);
  }

  /// How many recordings it was seen in.
  public long recordings() {
    var seen = new java.util.HashSet<Integer>();
    if (publisher >= 0) {
      seen.add(publisher);
    }
    legs.forEach(leg -> seen.add(leg.process));
    return seen.size();
  }
}
