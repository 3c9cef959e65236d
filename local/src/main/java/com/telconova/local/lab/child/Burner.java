package com.telconova.local.lab.child;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Computes for some time and says how much of a processor it got between two moments, the same for
/// all who compute: were each to count from when it first ran, whoever had to wait for that would
/// have the processor to itself in the end.
///
/// Argument: the only processor it may use. Its first line: both moments, in milliseconds since
/// 1970.
public final class Burner {
  private static final long BEYOND_MILLIS = 100;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long value = 1;

  private Burner() {}

  public static void main(String[] arguments) {
    var parent = new Parent();
    boolean pinned = Kernel.pinTo(Integer.parseInt(arguments[0]));
    var burner = new Burner();
    burner.burnUntil(System.currentTimeMillis() + 50); // for the compiler
    parent.say("ready", pinned ? 1 : 0);
    parent
        .line()
        .ifPresent(line -> {
          var moments = line.split(" ");
          long from = Long.parseLong(moments[0]);
          long to = Long.parseLong(moments[1]);
          long before = burner.burnUntil(from);
          long cpu = burner.burnUntil(to) - before;
          // So that nobody has it alone before the others have counted.
          burner.burnUntil(to + BEYOND_MILLIS);
          parent.say("done", cpu, (to - from) * 1_000_000);
        });
  }

  /// @return this thread's processor time then, in nanoseconds
  private long burnUntil(long moment) {
    while (System.currentTimeMillis() < moment) {
      for (int i = 0; i < 1_000; i++) {
        value = value * 6364136223846793005L + 1442695040888963407L;
      }
    }
    return threads.getCurrentThreadCpuTime() + (value == 0 ? 1 : 0);
  }
}
