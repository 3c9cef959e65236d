package com.telconova.local.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The instances of one service. Requests go in turn to those that are ready; one that was down and
/// becomes ready beside others gets little at first and its whole share 10 s later, for a JVM that
/// has just started is slow. While none is ready, they go to any of them: a guess is better than a
/// refusal. AWS's load balancer does the same, the former as "slow start". Thread-safe.
public final class Backend {
  /// From becoming ready until having the whole share.
  public static final Duration SLOW_START = Duration.ofSeconds(10);

  private static final double LEAST_SHARE = 0.05;

  private final List<Place> places;
  private final LongSupplier nanos;

  /// One process.
  ///
  /// @param api where it takes requests, without a trailing slash
  /// @param admin where it says whether it is ready, without a trailing slash
  public record Instance(URI api, URI admin) {}

  /// @param instances one or more; nobody is ready yet
  public Backend(List<Instance> instances) {
    this(instances, System::nanoTime);
  }

  /// @param nanos a clock that only grows
  Backend(List<Instance> instances, LongSupplier nanos) {
    this.places = instances.stream().map(Place::new).toList();
    this.nanos = nanos;
  }

  /// All of them, ready or not.
  List<Instance> instances() {
    return places.stream().map(place -> place.instance).toList();
  }

  /// Whose turn it is.
  Instance next() {
    return nextOf(places).orElseThrow();
  }

  /// Whose turn it is among the others; empty when there is no other.
  Optional<Instance> nextBut(Instance refused) {
    return nextOf(places.stream().filter(place -> !place.instance.equals(refused)).toList());
  }

  /// From now on it gets requests.
  synchronized void putIn(Instance instance) {
    boolean alone = ready(places).findAny().isEmpty();
    at(instance)
        .filter(place -> !place.ready)
        .forEach(place -> {
          boolean fresh = place.wasDown && !alone;
          place.ready = true;
          place.since = nanos.getAsLong() - (fresh ? 0 : SLOW_START.toNanos());
        });
  }

  /// From now on it gets none while another is ready.
  synchronized void takeOut(Instance instance) {
    at(instance)
        .forEach(place -> {
          place.ready = false;
          place.wasDown = true;
          place.due = 0;
        });
  }

  /// Each is owed its share of a request by every request; the one who is owed most gets it.
  private synchronized Optional<Instance> nextOf(List<Place> some) {
    var candidates = ready(some).toList();
    if (candidates.isEmpty()) {
      candidates = some;
    }
    double all = 0;
    for (var place : candidates) {
      double share = share(place);
      place.due += share;
      all += share;
    }
    var chosen = candidates.stream().max(Comparator.comparingDouble(place -> place.due));
    if (chosen.isPresent()) {
      chosen.get().due -= all;
    }
    return chosen.map(place -> place.instance);
  }

  private double share(Place place) {
    double age = nanos.getAsLong() - place.since;
    return Math.clamp(age / SLOW_START.toNanos(), LEAST_SHARE, 1);
  }

  private static Stream<Place> ready(List<Place> some) {
    return some.stream().filter(place -> place.ready);
  }

  private Stream<Place> at(Instance instance) {
    return places.stream().filter(place -> place.instance.equals(instance));
  }

  private static final class Place {
    private final Instance instance;
    private boolean ready;
    private boolean wasDown;
    private long since;
    private double due;

    Place(Instance instance) {
      this.instance = instance;
    }
  }
}
