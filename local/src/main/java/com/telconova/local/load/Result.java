package com.telconova.local.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// What one run measured. Latencies are in nanoseconds, of answers as they should be and of those
/// that did not come in time (for which it is the time until then, less than they would have
/// taken). Of an open loop they count from when a request was due, of a closed one from when it was
/// sent.
///
/// @param began of the measured part
/// @param measured how long that was
/// @param total of all operations
/// @param operations those of the mix, the most frequent first
/// @param notSent open loop: how many were due and given up, for there was no connection, or
///   nothing to work on
/// @param waited open loop: how many had to wait for a connection
/// @param processes the cost of each process
public record Result(
    Profile profile,
    String way,
    Instant began,
    Duration measured,
    Figures total,
    List<Figures> operations,
    long notSent,
    long waited,
    Generator generator,
    List<Cost> processes) {

  /// Of an operation, or of all.
  ///
  /// @param sent how many were due or begun in the measured part
  /// @param good how many answers were as they should be
  /// @param throughput good answers a second, those counted that arrived within the measured part
  /// @param errors by kind: a status such as `503`, `timeout`, `connection`, `closed`, `malformed`
  /// @param latency as seen by whoever wanted it
  /// @param service from sending to the answer, without the wait before
  public record Figures(
      String name,
      long sent,
      long good,
      double throughput,
      Map<String, Long> errors,
      Histogram latency,
      Histogram service) {

    /// How many were no answers as they should be.
    public long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /// A quantile of the latency.
    ///
    /// @param percentile 0 to 100
    public Duration latency(double percentile) {
      return Duration.ofNanos(latency.getValueAtPercentile(percentile));
    }
  }

  /// The figures of one operation; empty when the mix did not have it.
  public Optional<Figures> of(Operation operation) {
    return operations.stream().filter(one -> one.name().equals(operation.label())).findFirst();
  }

  /// The cost of a process; empty when it was not watched or has ended.
  public Optional<Cost> cost(String name) {
    return processes.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// All of it for people, lines of up to 100 columns.
  public String table() {
    return Rendering.table(this);
  }

  /// All of it for programs: one object, times in milliseconds unless the name says otherwise.
  public String json() {
    return Rendering.json(this);
  }
}
