package com.telconova.local.lab.child;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Does equal pieces of computing, one after the other, and says how long each took.
///
/// Argument: milliseconds.
public final class Pieces {
  private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST = 100_000;

  private Pieces() {}

  public static void main(String[] arguments) {
    var parent = new Parent();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long rounds = calibrate();
    parent.say("ready");
    if (!parent.awaitWord()) {
      return;
    }
    long time = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[0]));
    var took = new long[MOST];
    int count = 0;
    long value = 1;
    long cpu = system.getProcessCpuTime();
    long begin = System.nanoTime();
    long now = begin;
    while (now - begin < time && count < MOST) {
      value = compute(value, rounds);
      long next = System.nanoTime();
      took[count] = next - now;
      count++;
      now = next;
    }
    cpu = system.getProcessCpuTime() - cpu + (value == 0 ? 1 : 0);
    parent.say("done", cpu, now - begin);
    parent.say("pieces", Arrays.copyOf(took, count));
    parent.awaitWord(); // whoever started it looks at its cgroup first
  }

  /// How much work a piece is: what takes 5 ms of processor time without a limit.
  private static long calibrate() {
    var threads = ManagementFactory.getThreadMXBean();
    long rounds = 1_000_000;
    long value = 1;
    for (int i = 0; i < 60; i++) {
      long before = threads.getCurrentThreadCpuTime();
      value = compute(value, rounds);
      long took = Math.max(1_000, threads.getCurrentThreadCpuTime() - before);
      rounds = Math.max(1_000, (long) ((double) rounds * PIECE_NANOS / took));
    }
    return rounds + (value == 0 ? 1 : 0);
  }

  private static long compute(long value, long rounds) {
    for (long i = 0; i < rounds; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }
}
