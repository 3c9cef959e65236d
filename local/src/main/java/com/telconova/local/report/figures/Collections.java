package com.telconova.local.report.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedObject;

/// Garbage collections, and moments at which all threads stood still.
public final class Collections {
  private static final int MAX_KINDS = 100;
  private static final int MAX_POINTS = 4_000;

  private final Map<String, Histogram> kinds = new TreeMap<>();
  private final Histogram pauses = new Histogram();
  private final Buckets pauseNanos;
  private final Sites operations = new Sites(200);
  private final Histogram safepoints = new Histogram();
  private final List<HeapAfter> heap = new ArrayList<>();

  /// @param used what was left in the heap after a collection
  public record HeapAfter(long at, long used, long committed) {}

  Collections(Axis axis) {
    pauseNanos = new Buckets(axis);
  }

  void register(Events events) {
    events
        .on("jdk.GarbageCollection", this::collection)
        .on("jdk.GCPhasePause", this::pause)
        .on("jdk.GCHeapSummary", this::heap)
        .on("jdk.SafepointBegin", event -> safepoints.add(Fields.end(event) - Fields.start(event)))
        .on("jdk.ExecuteVMOperation", this::operation);
  }

  private void collection(RecordedEvent event) {
    String kind = Fields.text(event, "name") + ", " + Fields.text(event, "cause");
    String kept = kinds.containsKey(kind) || kinds.size() < MAX_KINDS ? kind : Sites.OTHER;
    kinds.computeIfAbsent(kept, k -> new Histogram()).add(Fields.nanos(event, "sumOfPauses"));
  }

  private void pause(RecordedEvent event) {
    long start = Fields.start(event);
    long nanos = Fields.end(event) - start;
    pauses.add(nanos);
    pauseNanos.add(start, nanos);
  }

  private void heap(RecordedEvent event) {
    if (!Fields.text(event, "when").startsWith("After")) {
      return;
    }
    if (heap.size() == MAX_POINTS) { // each second one shows the same curve
      for (int i = MAX_POINTS / 2 - 1; i >= 0; i--) {
        heap.remove(i * 2);
      }
    }
    long committed =
        event.getValue("heapSpace") instanceof RecordedObject space
                && space.hasField("committedSize")
            ? space.getLong("committedSize")
            : Fields.UNKNOWN;
    heap.add(new HeapAfter(Fields.start(event), Fields.number(event, "heapUsed"), committed));
  }

  private void operation(RecordedEvent event) {
    if (Fields.flag(event, "safepoint")) {
      operations.add(Fields.text(event, "operation"), Fields.end(event) - Fields.start(event), 0);
    }
  }

  /// The sum of each collection's pauses, by its name and cause.
  public Map<String, Histogram> kinds() {
    return kinds;
  }

  /// Each pause.
  public Histogram pauses() {
    return pauses;
  }

  /// Nanoseconds of pause in each part of the axis.
  public Buckets pauseNanos() {
    return pauseNanos;
  }

  /// What the JVM did while all threads stood still, from 10 ms on.
  public Sites operations() {
    return operations;
  }

  /// How long it took until all threads stood still, from 10 ms on.
  public Histogram safepoints() {
    return safepoints;
  }

  /// In the order of the file.
  public List<HeapAfter> heap() {
    return heap;
  }
}
