package com.telconova.workorder.assignment;

import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import java.util.Map;
import java.util.TreeMap;

/// What counts how much when technicians are compared. A change of what the engine makes of the
/// same inputs is a new version.
///
/// @param version of the rules and weights
/// @param usual,urgent the weights; `urgent` for P1
/// @param speedKmh how fast one gets about, where no zone says otherwise
/// @param zoneSpeedsKmh how fast one gets about in some zones
/// @param unknownTravelMinutes how long the way takes when a position is unknown
/// @param farMinutes a way of this length, or longer, has no points
public record Policy(
    int version,
    Weights usual,
    Weights urgent,
    int speedKmh,
    Map<String, Integer> zoneSpeedsKmh,
    int unknownTravelMinutes,
    int farMinutes) {

  /// What each criterion counts, in percent: they make 100 together.
  public record Weights(
      int slaSlack, int travel, int load, int skillFit, int continuity, int firstTimeFix) {
    public Weights {
      if (slaSlack + travel + load + skillFit + continuity + firstTimeFix != 100) {
        throw new IllegalArgumentException("weights that are not 100 together");
      }
    }
  }

  public Policy {
    zoneSpeedsKmh = new TreeMap<>(zoneSpeedsKmh); // written in one order only
  }

  /// The policy in force.
  ///
  /// @param speedKmh,zoneSpeedsKmh as [#Policy]
  public static Policy current(int speedKmh, Map<String, Integer> zoneSpeedsKmh) {
    return new Policy(
        2,
        new Weights(30, 25, 20, 10, 10, 5),
        new Weights(60, 40, 0, 0, 0, 0),
        speedKmh,
        zoneSpeedsKmh,
        30,
        120);
  }

  Weights weights(Priority priority) {
    return priority == Priority.P1 ? urgent : usual;
  }

  /// How long the way takes, in whole minutes, rounded up.
  ///
  /// @param from,to may be null
  int travelMinutes(Position from, Position to, String zone) {
    if (from == null || to == null) {
      return unknownTravelMinutes;
    }
    long metresAnHour = 1_000L * zoneSpeedsKmh.getOrDefault(zone, speedKmh);
    return Math.toIntExact(Math.ceilDiv(60 * from.metresTo(to), metresAnHour));
  }
}
