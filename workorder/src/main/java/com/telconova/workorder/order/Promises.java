package com.telconova.workorder.order;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.sla.SlaPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What was promised of an order, at any moment.
public final class Promises {
  /// How far ahead promises are told: a calendar is asked for each day on the way.
  private static final Duration MAX_AHEAD = Duration.ofDays(366);

  private final Clock clock;
  private final Database database;
  private final OrderRepository repository;
  private final OrderHistory history;
  private final SlaPolicy policy;

  public Promises(
      Clock clock,
      Database database,
      OrderRepository repository,
      OrderHistory history,
      SlaPolicy policy) {
    this.clock = clock;
    this.database = database;
    this.repository = repository;
    this.history = history;
    this.policy = policy;
  }

  /// How the promises of an order stood at some moment, computed again from what had happened by
  /// then. Of a moment to come: how they will stand if nothing more happens.
  ///
  /// @param at null: now
  /// @throws Failure.NotFound when there is no such order, or the caller takes no part in it
  /// @throws Failure.BadRequest when the order was not open yet, or that is too far ahead
  SlaReport of(Principal caller, UUID id, Instant at) {
    List<HistoryEntry> changes =
        database.read(handle -> {
          repository.find(handle, id).filter(Orders.seenBy(caller)).orElseThrow(Orders::notFound);
          return history.list(handle, id);
        });
    // Whoever changed the order last may have had a clock that is a little ahead.
    Instant now = later(clock.instant(), changes.getLast().time());
    Instant moment = at == null ? now : at;
    Instant opened = changes.getFirst().time();
    if (moment.isBefore(opened)) {
      throw wrong("is before the order was opened, at " + opened);
    } else if (moment.isAfter(now.plus(MAX_AHEAD))) {
      throw wrong("is more than " + MAX_AHEAD.toDays() + " days ahead");
    }
    List<HistoryEntry> known =
        changes.stream().takeWhile(change -> !change.time().isAfter(moment)).toList();
    return SlaReport.of(policy, id, known, moment);
  }

  private static Failure wrong(String detail) {
    return new Failure.BadRequest(
        "A query parameter is wrong; see errors.", List.of(new Fault("at", detail)));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
