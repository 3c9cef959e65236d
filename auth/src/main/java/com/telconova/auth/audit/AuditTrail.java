package com.telconova.auth.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.lifecycle.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Keeps what was done to accounts, each act in the transaction that does it: there is no act
/// without its entry, and no entry without its act. Entries are never changed, and leave when they
/// are old. Thread-safe.
public final class AuditTrail implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final int BATCH = 1_000;
  private static final int MAX_BATCHES = 100;

  private final Clock clock;
  private final Database database;
  private final Duration kept;
  private final AuditRepository repository = new AuditRepository();
  private final Periodic periodic;

  /// @param kept how long an entry is kept
  public AuditTrail(Clock clock, Database database, Duration kept) {
    this.clock = clock;
    this.database = database;
    this.kept = kept;
    this.periodic = Periodic.start("audit-cleaning", PAUSE, this::clean);
  }

  /// Writes down what was done to a user.
  public void append(Handle handle, UUID user, Act act, Caller caller, Instant now) {
    append(handle, user, act, caller, now, Map.of());
  }

  /// Writes down what was done to a user.
  ///
  /// @param detail what else there is to say; never a secret
  public void append(
      Handle handle, UUID user, Act act, Caller caller, Instant now, Map<String, String> detail) {
    insert(handle, user, act, caller, now, detail);
  }

  /// As [#append] for a user, and for nobody the same work without anything written: who tries
  /// addresses must not learn from the clock which of them have an account. What is tried at those
  /// that have none is not kept: there could be any number.
  public void appendIfAny(
      Handle handle,
      Optional<UUID> user,
      Act act,
      Caller caller,
      Instant now,
      Map<String, String> detail) {
    insert(handle, user.orElse(null), act, caller, now, detail);
  }

  private void insert(
      Handle handle, UUID user, Act act, Caller caller, Instant now, Map<String, String> detail) {
    repository.insert(
        handle, user, new Entry(UuidCreator.getTimeOrderedEpoch(), now, act, caller, detail));
  }

  /// What was done to a user, newest first; empty for nobody.
  public Page<Entry> list(UUID user, Page.Request request) {
    return Page.of(
        database.read(handle -> repository.list(handle, user, request)),
        request,
        entry -> new Page.Cursor(entry.time(), entry.id()));
  }

  /// Deletes what is old enough, each batch in a transaction of its own.
  ///
  /// @return how many entries left
  public int clean() {
    Instant before = clock.instant().minus(kept);
    int left = 0;
    int batch = BATCH;
    for (int i = 0; i < MAX_BATCHES && batch >= BATCH; i++) {
      batch = database.inBackground(handle -> repository.deleteOld(handle, before, BATCH));
      left += batch;
    }
    return left;
  }

  @Override
  public void close() {
    periodic.close();
  }
}
