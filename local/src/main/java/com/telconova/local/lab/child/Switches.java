package com.telconova.local.lab.child;

import com.telconova.local.lab.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Threads that compute, or hand a token to each other; counts what the kernel did meanwhile.
///
/// Arguments: `busy`, `platform` or `virtual`; how many threads; milliseconds.
public final class Switches {
  private final LongAdder work = new LongAdder();
  private volatile boolean over;

  public static void main(String[] arguments) throws InterruptedException {
    var parent = new Parent();
    int threads = Integer.parseInt(arguments[1]);
    var time = Duration.ofMillis(Long.parseLong(arguments[2]));
    // Once for the compiler.
    new Switches().run(arguments[0], threads, time.dividedBy(4));
    count(); // loads what the count itself needs
    var before = count();
    var switches = new Switches();
    long begin = System.nanoTime();
    switches.run(arguments[0], threads, time);
    double seconds = (System.nanoTime() - begin) / 1e9;
    var after = count();
    parent.say(
        "done",
        after[0] - before[0],
        after[1] - before[1],
        after[2] - before[2],
        seconds,
        switches.work.sum());
  }

  private static double[] count() {
    var name = "process_context_switches_total";
    var reading = Reading.ofThisProcess();
    return new double[] {
      reading.value(name, "type", "voluntary"),
      reading.value(name, "type", "involuntary"),
      reading.value("process_cpu_seconds_total")
    };
  }

  private void run(String kind, int count, Duration time) throws InterruptedException {
    var factory =
        kind.equals("virtual") ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    var threads = new ArrayList<Thread>();
    if (kind.equals("busy")) {
      for (int i = 0; i < count; i++) {
        threads.add(factory.newThread(this::compute));
      }
    } else {
      pair(factory, threads);
    }
    threads.forEach(Thread::start);
    LockSupport.parkNanos(time.toNanos());
    over = true;
    for (var thread : threads) {
      LockSupport.unpark(thread);
      thread.join();
    }
  }

  private void compute() {
    long value = 1;
    while (!over) {
      for (int i = 0; i < 10_000; i++) {
        value = value * 6364136223846793005L + 1442695040888963407L;
      }
      work.add(value == 0 ? 2 : 1);
    }
  }

  private void pair(ThreadFactory factory, ArrayList<Thread> threads) {
    var one = new Player(true);
    var other = new Player(false);
    threads.add(factory.newThread(one));
    threads.add(factory.newThread(other));
    one.partner = threads.get(1);
    other.partner = threads.get(0);
    one.next = other;
    other.next = one;
  }

  /// Waits for the token and hands it on; nobody spins.
  private final class Player implements Runnable {
    private volatile boolean has;
    private Thread partner;
    private Player next;

    Player(boolean begins) {
      has = begins;
    }

    @Override
    public void run() {
      while (!over) {
        while (!has && !over) {
          LockSupport.park(this);
        }
        if (over) {
          break;
        }
        has = false;
        work.increment();
        next.has = true;
        LockSupport.unpark(partner);
      }
    }
  }
}
