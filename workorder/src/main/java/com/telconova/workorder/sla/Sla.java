package com.telconova.workorder.sla;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/// Where an order stands with its promises: what is stored with it, so that nothing has to be
/// computed to show it or to find what is late.
///
/// @param assignBy,arriveBy,resolveBy null while that clock stands still
/// @param warnAt when the first target still open is three quarters over; null when none runs
/// @param dueAt when the first target still open is over; null when none runs
/// @param breachAt when the first target was missed or, as things are, will be; null when none
/// @param paused whether the clock stands still
/// @param ended whether the order ended
public record Sla(
    Instant assignBy,
    Instant arriveBy,
    Instant resolveBy,
    Instant warnAt,
    Instant dueAt,
    Instant breachAt,
    boolean paused,
    boolean ended) {

  static Sla of(List<Promise> promises, boolean paused, boolean ended) {
    return new Sla(
        promises.get(Target.ASSIGN.ordinal()).dueAt(),
        promises.get(Target.ARRIVE.ordinal()).dueAt(),
        promises.get(Target.RESOLVE.ordinal()).dueAt(),
        first(promises.stream().filter(Promise::open), Promise::warnAt),
        first(promises.stream().filter(Promise::open), Promise::dueAt),
        first(promises.stream(), Promise::missedAt),
        paused,
        ended);
  }

  public SlaState state(Instant now) {
    if (breachAt != null && !breachAt.isAfter(now)) {
      return SlaState.BREACHED;
    } else if (ended) {
      return SlaState.MET;
    } else if (paused) {
      return SlaState.PAUSED;
    }
    return warnAt != null && !warnAt.isAfter(now) ? SlaState.WARNING : SlaState.OK;
  }

  private static Instant first(Stream<Promise> promises, Function<Promise, Instant> time) {
    return promises.map(time).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
  }
}
