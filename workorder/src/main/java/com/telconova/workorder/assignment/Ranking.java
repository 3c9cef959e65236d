package com.telconova.workorder.assignment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Every technician for one order, the best first.
///
/// @param decidedAt as of when it holds
public record Ranking(
    UUID orderId, int policyVersion, Instant decidedAt, List<Candidate> candidates) {
  public Ranking {
    candidates = List.copyOf(candidates);
  }

  Optional<Candidate> best() {
    return candidates.stream().findFirst().filter(Candidate::eligible);
  }

  /// How many technicians each rule excludes; one may be excluded by several.
  Map<String, Integer> rules() {
    return countByRule(candidates);
  }

  /// How many of these each rule excludes.
  public static Map<String, Integer> countByRule(List<Candidate> candidates) {
    Map<String, Integer> counts = new TreeMap<>();
    candidates.forEach(candidate ->
        candidate
            .excludedBy()
            .forEach(objection -> counts.merge(objection.rule(), 1, Integer::sum)));
    return counts;
  }
}
