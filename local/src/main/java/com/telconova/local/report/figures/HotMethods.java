package com.telconova.local.report.figures;

import java.util.HashSet;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;

/// Where threads were met running Java. *Self* counts the method that ran; *total* counts a method
/// once for each sample that has it anywhere on its stack, itself or what it called.
public final class HotMethods {
  private static final int MAX = 20_000;

  private final Frames frames;
  private final Sites self = new Sites(MAX);
  private final Sites nearestOwn = new Sites(MAX);
  private final Sites ownTotal = new Sites(MAX);
  private final Sites packageTotal = new Sites(MAX);
  private final Set<String> met = new HashSet<>();
  private long samples;
  private long withoutStack;
  private long cut;

  HotMethods(Frames frames) {
    this.frames = frames;
  }

  void add(RecordedEvent event) {
    samples++;
    RecordedStackTrace stack = event.getStackTrace();
    if (stack == null || stack.getFrames().isEmpty()) {
      withoutStack++;
      return;
    }
    if (stack.isTruncated()) {
      cut++;
    }
    met.clear();
    boolean top = true;
    boolean own = false;
    for (RecordedFrame each : stack.getFrames()) {
      Frames.Frame frame = frames.of(each);
      if (frame == null) {
        continue;
      }
      if (top) {
        self.count(frame.name());
        top = false;
      }
      if (frame.isOwn()) {
        if (!own) {
          nearestOwn.count(frame.name());
          own = true;
        }
        if (met.add(frame.name())) {
          ownTotal.count(frame.name());
        }
        if (met.add(frame.place())) {
          packageTotal.count(frame.place());
        }
      }
    }
    if (!own) {
      nearestOwn.count("(none of ours on the stack)");
    }
  }

  public long samples() {
    return samples;
  }

  public long withoutStack() {
    return withoutStack;
  }

  /// How many stacks were deeper than the recording keeps.
  public long cut() {
    return cut;
  }

  /// By the method that ran.
  public Sites self() {
    return self;
  }

  /// By the innermost method of ours: what it did itself, or had libraries do.
  public Sites nearestOwn() {
    return nearestOwn;
  }

  /// By each method of ours on the stack: adds up to more than all samples.
  public Sites ownTotal() {
    return ownTotal;
  }

  /// By each package of ours on the stack: adds up to more than all samples.
  public Sites packageTotal() {
    return packageTotal;
  }
}
