package com.telconova.shared.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that takes a tenth of a second to open and is not needed at once: opened on a thread
/// of its own while the process goes on starting. Thread-safe.
///
/// @param <T> what is opened; closed with this if it can be
public final class Early<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Early.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Executor THREAD = work -> Thread.ofVirtual().name("early").start(work);

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final AtomicReference<Supplier<T>> open;

  private Early(Supplier<T> open) {
    this.open = new AtomicReference<>(open);
  }

  /// Begins to open it.
  public static <T> Early<T> begin(Supplier<T> open) {
    Early<T> early = later(open);
    early.begin();
    return early;
  }

  /// Something that others may wait for already, to be opened once [#begin()] says so.
  public static <T> Early<T> later(Supplier<T> open) {
    return new Early<>(open);
  }

  /// Begins to open it, unless that has begun or it was closed.
  public void begin() {
    Supplier<T> once = open.getAndSet(null);
    if (once != null) {
      result.completeAsync(once, THREAD);
    }
  }

  /// What was opened; waits until it is.
  ///
  /// @throws RuntimeException what opening it threw
  /// @throws IllegalStateException when it was closed before it was begun
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

  /// Closes it, once it is open, for which it waits 5 s at most; what could not be opened, or never
  /// was, is nothing to close.
  @Override
  public void close() {
    close(LIMIT);
  }

  void close(Duration limit) {
    if (open.getAndSet(null) != null) {
      result.completeExceptionally(new IllegalStateException("It was never begun."));
    }
    T opened;
    try {
      opened = result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // A recording that is begun while the JVM's own stop ends all recordings never is.
      log.warn("Something is still being opened after {}, and left alone", limit);
      return;
    } catch (ExecutionException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (opened instanceof AutoCloseable closeable) {
      Closer closer = new Closer();
      closer.add(closeable);
      closer.close();
    }
  }
}
