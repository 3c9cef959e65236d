package com.telconova.tracking.timeline;

import com.telconova.shared.database.Database;
import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import com.telconova.shared.http.Page;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.participant.Participants;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// Appends what happened and shows it.
///
/// The chain follows the order of appending; what is shown is sorted by time, and is the same
/// whichever way the events came.
public final class Timeline {
  private static final int VERIFY_ROWS = 500;

  private final Clock clock;
  private final Database database;
  private final Participants participants;
  private final Runnable appended;
  private final TimelineRepository entries = new TimelineRepository();

  /// @param appended called after each commit that appended something
  public Timeline(Clock clock, Database database, Participants participants, Runnable appended) {
    this.clock = clock;
    this.database = database;
    this.participants = participants;
    this.appended = appended;
  }

  /// Appends an entry as part of the caller's transaction, which holds the order's chain locked
  /// from here to its end.
  ///
  /// @return the link; empty, with nothing changed, when the entry is there already
  public Optional<Entry> append(Handle handle, NewEntry what) {
    Entry entry = entry(entries.lock(handle, what.orderId()), what);
    if (!entries.insert(handle, entry, clock.instant())) {
      return Optional.empty();
    }
    handle.afterCommit(appended);
    return Optional.of(entry);
  }

  /// Begins to append an entry, as part of the caller's transaction: the message locks the order's
  /// chain, until the transaction's end.
  public Appending begin(Message message, NewEntry what) {
    return new Appending(what, entries.locking(message, what.orderId()));
  }

  /// What is appended when the chain is locked.
  public final class Appending {
    private final NewEntry what;
    private final Message.Found<TimelineRepository.Head> locked;

    private Appending(NewEntry what, Message.Found<TimelineRepository.Head> locked) {
      this.what = what;
      this.locked = locked;
    }

    /// The rest of it, to be sent in the same transaction. It changes nothing when the entry is
    /// there already.
    public Write write(Handle handle) {
      handle.afterCommit(appended);
      return entries.inserting(entry(locked.rows().getFirst(), what), clock.instant());
    }
  }

  private static Entry entry(TimelineRepository.Head head, NewEntry what) {
    return new Entry(what, head.length() + 1, head.hash(), Chain.hash(head.hash(), what));
  }

  /// An entry of an order, and behind it those of type `corrections` whose `updateId` names it, in
  /// the order of appending. Nobody appends to the order until the transaction ends.
  ///
  /// @return nothing when the order has no such entry
  public List<Entry> lock(Handle handle, UUID orderId, UUID id, String corrections) {
    entries.lock(handle, orderId);
    return entries.withCorrections(handle, orderId, id, corrections);
  }

  /// The entries of an order, oldest first.
  ///
  /// @throws com.telconova.shared.problem.Failure.NotFound when the caller takes no part in it
  public Page<Entry> list(UUID orderId, Principal caller, Page.Request request) {
    participants.require(orderId, caller);
    return Page.of(
        database.read(handle -> entries.list(handle, orderId, request)),
        request,
        entry -> new Page.Cursor(entry.what().time(), entry.what().id()));
  }

  /// Recomputes the chain of an order from what is stored.
  ///
  /// @throws com.telconova.shared.problem.Failure.NotFound when the caller takes no part in it
  Verdict verify(UUID orderId, Principal caller) {
    participants.require(orderId, caller);
    // One snapshot: what is appended meanwhile must not look like a fault.
    return database.read(handle ->
        handle.inTransaction(
            TransactionIsolationLevel.REPEATABLE_READ, snapshot -> verify(snapshot, orderId)));
  }

  private Verdict verify(Handle handle, UUID orderId) {
    Verification verification = new Verification();
    long position = Long.MIN_VALUE;
    List<Entry> page;
    do {
      page = entries.chain(handle, orderId, position, VERIFY_ROWS);
      page.forEach(verification::add);
      position = page.isEmpty() ? position : page.getLast().position();
    } while (page.size() == VERIFY_ROWS);
    return verification.verdict(entries.head(handle, orderId));
  }
}
