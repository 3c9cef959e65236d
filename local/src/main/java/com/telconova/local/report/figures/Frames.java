package com.telconova.local.report.figures;

import java.util.IdentityHashMap;
import java.util.List;
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
  private static final List<String> WAITING =
      List.of(
          "jdk.internal.misc.Unsafe.",
          "jdk.internal.misc.Blocker.",
          "jdk.internal.vm.",
          "java.util.concurrent.locks.",
          "java.lang.Object.wait",
          "java.lang.VirtualThread.",
          "java.lang.Thread.sleep");
  private static final Frame NOBODYS = new Frame("", "", false);

  private final Map<RecordedMethod, Frame> known = new IdentityHashMap<>();

  /// @param name as in `com.telconova.workorder.order.Orders.create`
  /// @param place its package
  record Frame(String name, String place, boolean isOwn) {}

  /// A lambda counts as the method that it stands in; the class that the JVM makes around it is
  /// none of anybody's.
  ///
  /// @return null when there is no method, or one that nobody wrote
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
      boolean made = type.contains("$$Lambda");
      found =
          made
              ? NOBODYS
              : new Frame(type + "." + written(method.getName()), place, type.startsWith(OWN));
      known.put(method, found);
    }
    return found == NOBODYS ? null : found;
  }

  // The compiler calls a lambda lambda$method$number.
  private static String written(String method) {
    int end = method.lastIndexOf('$');
    return method.startsWith("lambda$") && end > "lambda$".length()
        ? method.substring("lambda$".length(), end)
        : method;
  }

  /// The innermost method of ours on an event's stack; without one, the innermost that is not just
  /// the JDK's way to wait; empty without a stack.
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
        if (first.isEmpty() && !isWaiting(frame.name())) {
          first = frame.name();
        }
      }
    }
    return first;
  }

  private static boolean isWaiting(String name) {
    for (String place : WAITING) {
      if (name.startsWith(place)) {
        return true;
      }
    }
    return false;
  }
}
