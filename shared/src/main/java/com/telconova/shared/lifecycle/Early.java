package com.telconova.shared.lifecycle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Something that takes a tenth of a second to open and is not needed at once: opened on a thread
/// of its own while the process goes on starting. Thread-safe.
///
/// @param <T> what is opened; closed with this if it can be
public final class Early<T> implements AutoCloseable {
  private static final Executor THREAD = work -> Thread.ofVirtual().name("early").start(work);

  private final CompletableFuture<T> result;

  private Early(CompletableFuture<T> result) {
    this.result = result;
  }

  /// Begins to open it.
  public static <T> Early<T> begin(Supplier<T> open) {
    return new Early<>(CompletableFuture.supplyAsync(open, THREAD));
  }

  /// What was opened; waits until it is.
  ///
  /// @throws RuntimeException what opening it threw
  public T get() {
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  /// Closes it, once it is open; what could not be opened is nothing to close.
  @Override
  public void close() {
    T opened;
    try {
      opened = result.join();
    } catch (CompletionException e) {
      return;
    }
    if (opened instanceof AutoCloseable closeable) {
      Closer closer = new Closer();
      closer.add(closeable);
      closer.close();
    }
  }
}
