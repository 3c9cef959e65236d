package com.telconova.local.report.figures;

import java.util.IdentityHashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;

/// The names of methods on stacks. A recording holds each method once a part: so are they made.
final class Frames {
  /// What our own code's names begin with.
  static final String OWN = "com.telconova.";

  private static final int MAX = 20_000;

  private final Map<RecordedMethod, Frame> known = new IdentityHashMap<>();

  /// @param name as in `com.telconova.workorder.order.Orders.create`
  /// @param place its package
  record Frame(String name, String place, boolean isOwn) {}

  /// Null when the frame has no method.
  Frame of(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    if (method == null) {
      return null;
    }
    Frame found = known.get(method);
    if (found == null) {
      if (known.size() >= MAX) {
        known.clear();
      }
      String type = method.getType() == null ? "?" : method.getType().getName();
      int dot = type.lastIndexOf('.');
      String place = dot < 0 ? "" : type.substring(0, dot);
      found = new Frame(type + "." + method.getName(), place, type.startsWith(OWN));
      known.put(method, found);
    }
    return found;
  }

  /// The innermost method of ours on an event's stack; without one, the innermost; empty without a
  /// stack.
  String site(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack == null) {
      return "";
    }
    String first = "";
    for (RecordedFrame each : stack.getFrames()) {
      Frame frame = of(each);
      if (frame != null) {
        if (frame.isOwn()) {
          return frame.name();
        }
        first = first.isEmpty() ? frame.name() : first;
      }
    }
    return first;
  }
}
