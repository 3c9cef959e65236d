package com.telconova.local.lab.child;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/// Computes for some time and says how much of a processor it got.
///
/// Arguments: the only processor it may use; milliseconds.
public final class Burner {
  private Burner() {}

  public static void main(String[] arguments) {
    var parent = new Parent();
    boolean pinned = Kernel.pinTo(Integer.parseInt(arguments[0]));
    long millis = Long.parseLong(arguments[1]);
    burn(50); // for the compiler
    parent.say("ready", pinned ? 1 : 0);
    if (!parent.awaitWord()) {
      return;
    }
    long begin = System.nanoTime();
    long cpu = burn(millis);
    parent.say("done", cpu, System.nanoTime() - begin);
  }

  /// Processor time of this thread, in nanoseconds.
  private static long burn(long millis) {
    var thread = ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long before = thread.getCurrentThreadCpuTime();
    long value = 1;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 1_000; i++) {
        value = value * 6364136223846793005L + 1442695040888963407L;
      }
    }
    return thread.getCurrentThreadCpuTime() - before + (value == 0 ? 1 : 0);
  }
}
