package com.telconova.tracking.timeline;

import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.participant.Participants;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Appends what happened and shows it.
///
/// The chain follows the order of appending; what is shown is sorted by time, and is the same
/// whichever way the events came.
public final class Timeline {
  private final Clock clock;
  private final Database database;
  private final Participants participants;
  private final TimelineRepository entries = new TimelineRepository();

  public Timeline(Clock clock, Database database, Participants participants) {
    this.clock = clock;
    this.database = database;
    this.participants = participants;
  }

  /// Appends an entry as part of the caller's transaction, which holds the order's chain locked
  /// from here to its end.
  ///
  /// @return the link; empty, with nothing changed, when the entry is there already
  public Optional<Entry> append(Handle handle, NewEntry what) {
    TimelineRepository.Head head = entries.lock(handle, what.orderId());
    Entry entry = new Entry(what, head.length() + 1, head.hash(), Chain.hash(head.hash(), what));
    return entries.insert(handle, entry, clock.instant()) ? Optional.of(entry) : Optional.empty();
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
}
