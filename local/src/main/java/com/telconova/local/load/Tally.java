package com.telconova.local.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/// What the sender counts. Its thread writes; others may read what is said to be for them.
final class Tally {

  private static final long LOWEST = 1_000;
  private static final long HIGHEST = Duration.ofMinutes(5).toNanos();
  private static final int DIGITS = 3;

  /// For others: answers so far, good or not, warm-up included.
  final AtomicLong answered = new AtomicLong();

  /// For others: what went wrong so far, warm-up included.
  final AtomicLong failed = new AtomicLong();

  /// For others: requests that wait for an answer or for a connection.
  final AtomicLong underWay = new AtomicLong();

  /// For others: latencies since they looked last.
  final SingleWriterRecorder recent = new SingleWriterRecorder(LOWEST, HIGHEST, 2);

  final Histogram late = histogram();
  long notSent;
  long waited;
  private final Map<Operation, One> operations = new EnumMap<>(Operation.class);
  private final One all = new One();

  private static final class One {
    private final Histogram latency = histogram();
    private final Histogram service = histogram();
    private final Map<String, Long> errors = new TreeMap<>();
    private long sent;
    private long good;
    private long goodInTime;

    private Result.Figures figures(String name, Duration measured) {
      return new Result.Figures(
          name,
          sent,
          good,
          goodInTime / (measured.toNanos() / 1e9),
          Map.copyOf(errors),
          latency,
          service);
    }
  }

  Tally(Mix mix) {
    mix.weights().keySet().forEach(operation -> operations.put(operation, new One()));
  }

  /// A request of the measured part.
  void sent(Operation operation) {
    operations.get(operation).sent++;
    all.sent++;
  }

  /// A good answer to a request of the measured part.
  void good(Operation operation, long latency, long service) {
    var one = operations.get(operation);
    one.good++;
    all.good++;
    record(one, latency, service);
  }

  /// A good answer that came within the measured part, whenever it was asked for.
  void goodInTime(Operation operation) {
    operations.get(operation).goodInTime++;
    all.goodInTime++;
  }

  /// A request of the measured part that went wrong.
  void failed(Operation operation, String kind) {
    operations.get(operation).errors.merge(kind, 1L, Long::sum);
    all.errors.merge(kind, 1L, Long::sum);
  }

  /// A request of the measured part that got no answer in time: it was at least as slow.
  void timedOut(Operation operation, long latency, long service) {
    failed(operation, "timeout");
    record(operations.get(operation), latency, service);
  }

  Result.Figures total(Duration measured) {
    return all.figures("all", measured);
  }

  /// The most frequent first.
  List<Result.Figures> operations(Duration measured) {
    var figures = new ArrayList<Result.Figures>();
    operations.forEach((operation, one) -> figures.add(one.figures(operation.label(), measured)));
    figures.sort(Comparator.comparingLong(Result.Figures::sent).reversed());
    return List.copyOf(figures);
  }

  private void record(One one, long latency, long service) {
    long bounded = Math.min(latency, HIGHEST);
    one.latency.recordValue(bounded);
    all.latency.recordValue(bounded);
    one.service.recordValue(Math.min(service, HIGHEST));
    all.service.recordValue(Math.min(service, HIGHEST));
  }

  private static Histogram histogram() {
    return new Histogram(LOWEST, HIGHEST, DIGITS);
  }
}
