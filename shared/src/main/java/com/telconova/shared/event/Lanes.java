package com.telconova.shared.event;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs tasks on virtual threads: those with the same key one after another, in the order they
/// came; others side by side. A task that throws does not keep the next from running.
final class Lanes {
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Queue<Runnable>> waiting = new HashMap<>();

  /// @param name the prefix of the threads' names
  Lanes(String name) {
    this.name = name;
  }

  void submit(Object key, Runnable task) {
    lock.lock();
    try {
      Queue<Runnable> queue = waiting.get(key);
      if (queue != null) {
        queue.add(task);
        return;
      }
      Thread.ofVirtual().name(name + key).start(() -> runAll(key, task));
      waiting.put(key, new ArrayDeque<>());
    } finally {
      lock.unlock();
    }
  }

  private void runAll(Object key, Runnable first) {
    for (Runnable task = first; task != null; task = next(key)) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("A task of lane {} failed", key, e);
      }
    }
  }

  private Runnable next(Object key) {
    lock.lock();
    try {
      Runnable task = waiting.get(key).poll();
      if (task == null) {
        waiting.remove(key);
      }
      return task;
    } finally {
      lock.unlock();
    }
  }
}
