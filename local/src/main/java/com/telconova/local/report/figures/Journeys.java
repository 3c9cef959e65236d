package com.telconova.local.report.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Events followed through the recordings of all processes, by their id. Of more than can be
/// followed, every 2nd, 4th, 8th… is, chosen by its id: the same ones in every recording, and at
/// every reading.
public final class Journeys {
  private static final int SHOWN = 4;

  private final int bound;
  private final Map<String, Journey> followed = new HashMap<>();
  private final Map<String, List<Journey>> shownByTrace = new HashMap<>();
  private List<Journey> shown = List.of();
  private int mask;

  /// @param bound how many are followed
  Journeys(int bound) {
    this.bound = bound;
  }

  /// How long the steps of one type's events took.
  ///
  /// @param publishing the call that publishes
  /// @param polling from the beginning of that call to the end of the poll that brought it, which
  ///   may be before the call has its answer
  /// @param waiting from there to the beginning of its handling
  /// @param handling the handling
  /// @param endToEnd from the beginning of the call to the end of the handling
  public record Steps(
      Histogram publishing,
      Histogram polling,
      Histogram waiting,
      Histogram handling,
      Histogram endToEnd) {
    private Steps() {
      this(new Histogram(), new Histogram(), new Histogram(), new Histogram(), new Histogram());
    }
  }

  void published(int process, String id, String trace, long start, long end) {
    Journey journey = follow(id);
    if (journey != null) {
      journey.published(process, trace, start, end);
    }
  }

  void polled(int process, String id, long start, long end) {
    Journey journey = follow(id);
    if (journey != null) {
      journey.polled(process, start, end);
    }
  }

  void handled(
      int process, String id, String type, String trace, long start, long end, boolean failed) {
    Journey journey = follow(id);
    if (journey != null) {
      journey.handled(process, type, trace, start, end, failed);
    }
  }

  private Journey follow(String id) {
    if (id.isEmpty() || (spread(id) & mask) != 0) {
      return null;
    }
    Journey journey = followed.computeIfAbsent(id, Journey::new);
    while (followed.size() > bound) {
      mask = mask << 1 | 1;
      followed.keySet().removeIf(each -> (spread(each) & mask) != 0);
    }
    return (spread(id) & mask) == 0 ? journey : null;
  }

  private static int spread(String id) {
    int hash = id.hashCode() * 0x9E3779B9;
    return hash ^ hash >>> 16;
  }

  /// Chooses those that are shown, so that a second reading can find the requests of their traces.
  void choose() {
    var whole =
        followed.values().stream()
            .filter(Journey::isWhole)
            .sorted(Comparator.comparingLong(Journey::nanos).reversed().thenComparing(Journey::id))
            .toList();
    var between = whole.stream().filter(journey -> journey.recordings() > 1).toList();
    var from = between.isEmpty() ? whole : between;
    var chosen = new LinkedHashSet<>(from.stream().limit(SHOWN).toList());
    if (!from.isEmpty()) {
      chosen.add(from.get(from.size() / 2));
    }
    shown = List.copyOf(chosen);
    shown.stream()
        .filter(journey -> !journey.trace().isEmpty())
        .forEach(journey ->
            shownByTrace.computeIfAbsent(journey.trace(), t -> new ArrayList<>()).add(journey));
  }

  /// A request met at the second reading.
  void asked(String trace, Journey.Request request) {
    shownByTrace.getOrDefault(trace, List.of()).forEach(journey -> journey.asked(request));
  }

  /// The slowest that went from one recording to another, the slowest first, and a middling one.
  public List<Journey> shown() {
    return shown;
  }

  /// How many ids were seen; of those that are followed.
  public int followed() {
    return followed.size();
  }

  /// One of so many is followed; 1 when all are.
  public int oneOf() {
    return mask + 1;
  }

  /// How many were seen published and handled.
  public long whole() {
    return followed.values().stream().filter(Journey::isWhole).count();
  }

  /// How many were seen published and not handled by anybody.
  public long onlyPublished() {
    return followed.values().stream().filter(j -> j.isPublished() && !j.isWhole()).count();
  }

  /// How many were polled or handled, and published before the recordings or outside of them.
  public long notPublished() {
    return followed.values().stream().filter(journey -> !journey.isPublished()).count();
  }

  /// By type of event; of those that were seen published, polled and handled.
  public Map<String, Steps> steps() {
    var steps = new TreeMap<String, Steps>();
    for (Journey journey : followed.values()) {
      for (Journey.Leg leg : journey.legs()) {
        if (journey.isPublished() && leg.isPolled() && leg.isHandled()) {
          var ofType = steps.computeIfAbsent(journey.type(), t -> new Steps());
          ofType.publishing().add(journey.publishEnd() - journey.publishStart());
          ofType.polling().add(leg.pollEnd() - journey.publishStart());
          ofType.waiting().add(leg.handleStart() - leg.pollEnd());
          ofType.handling().add(leg.handleEnd() - leg.handleStart());
          ofType.endToEnd().add(leg.handleEnd() - journey.publishStart());
        }
      }
    }
    return steps;
  }

  /// By how much clocks differ at least, in nanoseconds: how long before it was sent an event came.
  /// 0 when none did.
  public long clocksDiffer() {
    long most = 0;
    for (Journey journey : followed.values()) {
      for (Journey.Leg leg : journey.legs()) {
        if (journey.isPublished() && leg.isPolled()) {
          most = Math.max(most, journey.publishStart() - leg.pollEnd());
        }
      }
    }
    return most;
  }
}
