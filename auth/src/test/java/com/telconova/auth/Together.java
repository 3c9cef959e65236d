package com.telconova.auth;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Does the same thing many times at once.
final class Together {
  private Together() {}

  /// Lines up `times` threads, lets them go, and waits for all of them.
  ///
  /// @param work gets the number of its thread, from 0
  static <T> List<T> run(int times, IntFunction<T> work) {
    CountDownLatch ready = new CountDownLatch(times);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> tasks =
          IntStream.range(0, times)
              .mapToObj(n ->
                  (Callable<T>)
                      () -> {
                        ready.countDown();
                        ready.await();
                        return work.apply(n);
                      })
              .toList();
      List<Future<T>> done = threads.invokeAll(tasks);
      return done.stream().map(Together::result).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static <T> T result(Future<T> done) {
    try {
      return done.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
