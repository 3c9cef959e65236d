package com.telconova.local.lab.child;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

/// Starts threads that all wait for the same thing, some calls deep, as a request waits for a
/// database.
///
/// Arguments: `platform` or `virtual`, and how many.
public final class Blocked {
  private static final int DEPTH = 20;

  private final CountDownLatch blocked;
  private final CountDownLatch end = new CountDownLatch(1);

  private Blocked(int count) {
    blocked = new CountDownLatch(count);
  }

  public static void main(String[] arguments) throws InterruptedException {
    var parent = new Parent();
    boolean virtual = arguments[0].equals("virtual");
    // Loads the classes, so that what is measured is the threads.
    new Blocked(10).run(virtual, 10);
    System.gc();
    parent.say("up");
    if (!parent.awaitWord()) {
      return;
    }
    int count = Integer.parseInt(arguments[1]);
    var crowd = new Blocked(count);
    long begin = System.nanoTime();
    var threads = crowd.start(virtual, count);
    int started = threads.size();
    if (started == count) {
      crowd.blocked.await();
    }
    long took = System.nanoTime() - begin;
    System.gc();
    parent.say("blocked", started, took);
    parent.awaitWord();
    Runtime.getRuntime().halt(0);
  }

  private void run(boolean virtual, int count) throws InterruptedException {
    var threads = start(virtual, count);
    blocked.await();
    end.countDown();
    for (var thread : threads) {
      thread.join();
    }
  }

  /// Starts as many as the system allows.
  private ArrayList<Thread> start(boolean virtual, int count) {
    var threads = new ArrayList<Thread>(count);
    try {
      for (int i = 0; i < count; i++) {
        Runnable work = () -> descend(DEPTH);
        threads.add(virtual ? Thread.startVirtualThread(work) : platform(work));
      }
    } catch (OutOfMemoryError noMoreThreads) {
      // How many there are is the answer.
    }
    return threads;
  }

  private static Thread platform(Runnable work) {
    return Thread.ofPlatform().daemon().start(work);
  }

  private int descend(int depth) {
    if (depth > 0) {
      return descend(depth - 1) + 1;
    }
    blocked.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
