package com.telconova.workorder.sla;

import com.telconova.workorder.sla.Moment.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// What is promised, by priority: the table of the design, and what follows from it for an order's
/// history. Pure, so that it can be computed again for any past moment.
///
/// Time that passed keeps counting when the priority changes: it is measured by the clock that held
/// while it passed, and taken from what the new priority allows. An order that turns urgent may
/// therefore be late at once.
public final class SlaPolicy {
  private static final WorkingTime AROUND_THE_CLOCK = new WorkingTime.AroundTheClock();

  private final BusinessCalendar business;

  public SlaPolicy(BusinessCalendar business) {
    this.business = business;
  }

  /// Learns the holidays around `now`, so that no request has to wait for them.
  public void prepare(Instant now) {
    business.isOpen(now.atZone(business.zone()).toLocalDate());
  }

  /// How long something may take.
  private record Term(WorkingTime clock, Duration time) {}

  /// Where an order with this history stands.
  ///
  /// @param history oldest first, beginning with the moment the order was opened
  public Sla of(List<Moment> history) {
    Phase now = history.getLast().phase();
    return Sla.of(
        promises(history), now == Phase.PAUSED, now == Phase.COMPLETED || now == Phase.CANCELLED);
  }

  /// What became of each target, in their order.
  public List<Promise> promises(List<Moment> history) {
    return Arrays.stream(Target.values()).map(target -> promise(target, history)).toList();
  }

  /// How much of the time for a target was used up at some moment, by the clock that held while it
  /// passed. After the clock stopped it stays what it was.
  public Duration elapsed(Target target, List<Moment> history, Instant at) {
    Duration elapsed = Duration.ZERO;
    for (int i = 0; i < history.size() && !stops(target, history.get(i).phase()); i++) {
      Moment from = history.get(i);
      if (!rests(target, from)) {
        Instant next = i + 1 < history.size() ? history.get(i + 1).at() : at;
        WorkingTime clock = term(target, from.priority()).clock();
        elapsed = elapsed.plus(clock.between(from.at(), next.isBefore(at) ? next : at));
      }
    }
    return elapsed;
  }

  /// How much time there is for a target, by the clock of the priority that held last.
  public Duration allowed(Target target, List<Moment> history) {
    return term(target, running(target, history).getLast().priority()).time();
  }

  private Promise promise(Target target, List<Moment> history) {
    List<Moment> running = running(target, history);
    Moment stopped = running.size() < history.size() ? history.get(running.size()) : null;
    Duration time = allowed(target, history);
    return new Promise(
        target,
        reached(target, running, time.multipliedBy(3).dividedBy(4)),
        reached(target, running, time),
        stopped == null ? null : stopped.at(),
        stopped != null && stopped.phase() != Phase.CANCELLED);
  }

  /// The history until the target's clock stopped for good.
  private static List<Moment> running(Target target, List<Moment> history) {
    int stop = 0;
    while (stop < history.size() && !stops(target, history.get(stop).phase())) {
      stop++;
    }
    return history.subList(0, stop);
  }

  /// When this much counting time has passed, if nothing more happens; null when the clock stands
  /// still before.
  private Instant reached(Target target, List<Moment> running, Duration time) {
    Duration left = time;
    for (int i = 0; i < running.size(); i++) {
      Moment from = running.get(i);
      boolean last = i == running.size() - 1;
      if (rests(target, from)) {
        continue;
      }
      WorkingTime clock = term(target, from.priority()).clock();
      Duration passed = last ? null : clock.between(from.at(), running.get(i + 1).at());
      if (last || passed.compareTo(left) >= 0) {
        return clock.add(from.at(), left);
      }
      left = left.minus(passed);
    }
    return null;
  }

  private static boolean rests(Target target, Moment moment) {
    return moment.phase() == Phase.PAUSED && target == Target.RESOLVE;
  }

  private static boolean stops(Target target, Phase phase) {
    return switch (phase) {
      case OPEN -> false;
      case ASSIGNED -> target == Target.ASSIGN;
      case WORKING, PAUSED -> target != Target.RESOLVE;
      case COMPLETED, CANCELLED -> true;
    };
  }

  private Term term(Target target, Priority priority) {
    return switch (priority) {
      case P1 ->
          switch (target) {
            case ASSIGN -> always(Duration.ofMinutes(15));
            case ARRIVE -> always(Duration.ofHours(2));
            case RESOLVE -> always(Duration.ofHours(4));
          };
      case P2 ->
          switch (target) {
            case ASSIGN -> always(Duration.ofMinutes(30));
            case ARRIVE -> always(Duration.ofHours(4));
            case RESOLVE -> always(Duration.ofHours(8));
          };
      case P3 ->
          switch (target) {
            case ASSIGN -> new Term(business, Duration.ofHours(4));
            case ARRIVE -> businessDays(1);
            case RESOLVE -> businessDays(2);
          };
      case P4 ->
          switch (target) {
            case ASSIGN -> businessDays(1);
            case ARRIVE -> businessDays(3);
            case RESOLVE -> businessDays(5);
          };
    };
  }

  private static Term always(Duration time) {
    return new Term(AROUND_THE_CLOCK, time);
  }

  private Term businessDays(int days) {
    return new Term(business, business.day().multipliedBy(days));
  }
}
