package com.telconova.local.report.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// A request that took long, and what it waited for. Waits that overlap are counted once, as the
/// one that says most ([WaitKind]); what is left of its duration is the rest.
public final class SlowRequest {
  /// Beyond this many, waits are not kept: they are in the rest.
  private static final int MAX_WAITS = 2_000;

  /// Longer ones first; then the earlier ones.
  static final Comparator<SlowRequest> SLOWEST_FIRST =
      Comparator.comparingLong(SlowRequest::nanos)
          .reversed()
          .thenComparingLong(SlowRequest::start)
          .thenComparing(SlowRequest::requestId);

  private record Wait(WaitKind kind, long from, long to) {}

  private final long start;
  private final long end;
  private final long thread;
  private final String name;
  private final long status;
  private final String requestId;
  private final String traceId;
  private final List<Wait> waits = new ArrayList<>();
  private long running;
  private boolean cut;

  SlowRequest(
      long start,
      long end,
      long thread,
      String name,
      long status,
      String requestId,
      String traceId) {
    this.start = start;
    this.end = end;
    this.thread = thread;
    this.name = name;
    this.status = status;
    this.requestId = requestId;
    this.traceId = traceId;
  }

  public long start() {
    return start;
  }

  public long end() {
    return end;
  }

  public long nanos() {
    return end - start;
  }

  long thread() {
    return thread;
  }

  /// Method and route.
  public String name() {
    return name;
  }

  public long status() {
    return status;
  }

  public String requestId() {
    return requestId;
  }

  public String traceId() {
    return traceId;
  }

  /// How often its thread was met running Java, each 20 ms or so.
  public long running() {
    return running;
  }

  /// Whether it had more waits than are kept.
  public boolean isCut() {
    return cut;
  }

  void ran(long at) {
    if (at >= start && at < end) {
      running++;
    }
  }

  /// What is outside of the request is cut off.
  void waited(WaitKind kind, long from, long to) {
    long begin = Math.max(from, start);
    long until = Math.min(to, end);
    if (begin < until) {
      if (waits.size() < MAX_WAITS) {
        waits.add(new Wait(kind, begin, until));
      } else {
        cut = true;
      }
    }
  }

  /// How long it waited for what, in nanoseconds; with [WaitKind#REST] they add up to its duration.
  public Map<WaitKind, Long> segments() {
    var segments = new EnumMap<WaitKind, Long>(WaitKind.class);
    var moments = new TreeSet<Long>(List.of(start, end));
    waits.forEach(wait -> {
      moments.add(wait.from());
      moments.add(wait.to());
    });
    var byBegin = new ArrayList<>(waits);
    byBegin.sort(Comparator.comparingLong(Wait::from));
    var open = new ArrayList<Wait>();
    int next = 0;
    long from = start;
    for (long to : moments) {
      if (to > from) {
        long began = from;
        open.removeIf(wait -> wait.to() <= began);
        while (next < byBegin.size() && byBegin.get(next).from() <= began) {
          open.add(byBegin.get(next));
          next++;
        }
        WaitKind kind =
            open.stream()
                .filter(wait -> wait.to() > began)
                .map(Wait::kind)
                .min(Comparator.naturalOrder())
                .orElse(WaitKind.REST);
        segments.merge(kind, to - from, Long::sum);
        from = to;
      }
    }
    return segments;
  }
}
