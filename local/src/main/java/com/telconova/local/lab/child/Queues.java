package com.telconova.local.lab.child;

import com.telconova.local.lab.Reading;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One worker that needs a millisecond for each item, and two items each millisecond.
///
/// Arguments: how many may wait, 0 for any number; milliseconds.
public final class Queues {
  private static final long SERVICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long ARRIVAL_NANOS = SERVICE_NANOS / 2;
  private static final int ITEM_BYTES = 16 * 1024;
  private static final int MOST = 1_000_000;

  private final BlockingQueue<Item> queue;
  private final long[] waited = new long[MOST];
  private int served;
  private int refused;
  private int longest;
  private volatile boolean over;

  private record Item(long arrived, byte[] body) {}

  private Queues(int bound) {
    queue = bound == 0 ? new LinkedBlockingQueue<>() : new ArrayBlockingQueue<>(bound);
  }

  public static void main(String[] arguments) throws InterruptedException {
    var parent = new Parent();
    int bound = Integer.parseInt(arguments[0]);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[1]));
    new Queues(bound).run(nanos / 10); // for the compiler
    System.gc();
    long before = heap();
    var queues = new Queues(bound);
    queues.run(nanos);
    System.gc();
    parent.say("done", queues.served, queues.refused, queues.longest, heap() - before, nanos / 1e9);
    parent.say("resident", Reading.ofThisProcess().value("process_memory_bytes", "type", "rss"));
    parent.say("waited", Arrays.copyOf(queues.waited, queues.served));
    if (queues.queue.isEmpty() && bound < 0) {
      parent.say("nothing"); // keeps what waits alive until it was counted
    }
  }

  private static long heap() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void run(long nanos) throws InterruptedException {
    var worker = Thread.ofPlatform().start(this::serve);
    long begin = System.nanoTime();
    long next = begin;
    while (next - begin < nanos) {
      long now = System.nanoTime();
      while (next <= now) {
        if (!queue.offer(new Item(now, new byte[ITEM_BYTES]))) {
          refused++;
        }
        next += ARRIVAL_NANOS;
      }
      longest = Math.max(longest, queue.size());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    over = true;
    worker.join();
  }

  /// Works by the clock, so that a late wake-up does not make it slower than it is.
  private void serve() {
    long free = System.nanoTime();
    try {
      while (!over) {
        var item = queue.poll(10, TimeUnit.MILLISECONDS);
        if (item == null) {
          continue;
        }
        free = Math.max(free, item.arrived()) + SERVICE_NANOS;
        long left = free - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(left);
        }
        waited[served] = System.nanoTime() - item.arrived() + item.body()[0];
        served++;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
