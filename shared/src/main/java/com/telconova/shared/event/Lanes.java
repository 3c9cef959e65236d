package com.telconova.shared.event;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/// Runs tasks on virtual threads: those with the same key one after another, in the order they
/// came; others side by side.
final class Lanes {
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
      waiting.put(key, new ArrayDeque<>());
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name(name + key).start(() -> runAll(key, task));
  }

  private void runAll(Object key, Runnable first) {
    Runnable task = first;
    while (task != null) {
      try {
        task.run();
      } finally {
        task = next(key);
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
