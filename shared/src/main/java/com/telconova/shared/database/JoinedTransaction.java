package com.telconova.shared.database;

import com.telconova.shared.trace.Span;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/// The transactions of one request, joined into one: see [Database#joined]. It begins with the
/// first of them and keeps its connection until it ends. Belongs to one thread.
final class JoinedTransaction implements AutoCloseable {
  private static final String SAVEPOINT = "joined";

  private final Jdbi jdbi;
  private final Gate gate;
  private final HandleConsumer<RuntimeException> begin;
  private Handle handle;
  private Witness witness;

  JoinedTransaction(Jdbi jdbi, Gate gate, HandleConsumer<RuntimeException> begin) {
    this.jdbi = jdbi;
    this.gate = gate;
    this.begin = begin;
  }

  boolean hasBegun() {
    return handle != null;
  }

  /// What would be a transaction of its own: when it fails, it alone is undone.
  <T, X extends Exception> T run(HandleCallback<T, X> work) throws X {
    ensureBegun();
    handle.savepoint(SAVEPOINT);
    try (Span.Scope _ = witness == null ? null : witness.scope()) {
      T result = work.withHandle(handle);
      handle.releaseSavepoint(SAVEPOINT);
      return result;
    } catch (Throwable failure) {
      undo(failure, () -> handle.rollbackToSavepoint(SAVEPOINT));
      throw failure;
    }
  }

  /// The last part; when it fails, everything is undone.
  <X extends Exception> void finish(HandleConsumer<X> work) throws X {
    ensureBegun();
    try {
      work.useHandle(handle);
    } catch (Throwable failure) {
      note(failure);
      undo(failure, () -> end(Handle::rollback));
      throw failure;
    }
  }

  /// Commits what was done and not undone.
  @Override
  public void close() {
    end(Handle::commit);
  }

  private void ensureBegun() {
    if (hasBegun()) {
      return;
    }
    witness = Witness.of(gate, "transaction");
    try {
      gate.enter();
      open();
    } catch (RuntimeException e) {
      note(e);
      tell();
      throw e;
    }
    try {
      handle.begin();
      begin.useHandle(handle);
    } catch (Throwable failure) {
      note(failure);
      undo(failure, () -> end(Handle::rollback));
      throw failure;
    }
  }

  private void open() {
    if (witness != null) {
      witness.enter();
    }
    long began = witness == null ? 0 : System.nanoTime();
    try {
      handle = jdbi.open();
    } catch (RuntimeException e) {
      gate.leave();
      throw e;
    }
    if (witness != null) {
      witness.connect(System.nanoTime() - began);
    }
  }

  private void note(Throwable failure) {
    if (witness != null) {
      witness.fail(failure);
    }
  }

  private void tell() {
    if (witness != null) {
      witness.commit();
      witness = null;
    }
  }

  private void end(Consumer<Handle> ending) {
    if (!hasBegun()) {
      return;
    }
    try (Handle ended = handle) {
      handle = null;
      ending.accept(ended);
    } catch (RuntimeException e) {
      note(e);
      throw e;
    } finally {
      gate.leave();
      tell();
    }
  }

  /// A connection that broke cannot be rolled back either: what failed first is what counts.
  private static void undo(Throwable failure, Runnable rollback) {
    try {
      rollback.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
