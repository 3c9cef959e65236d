package com.telconova.workorder.assignment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.telconova.workorder.order.Objection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// What speaks for a technician, and what against.
///
/// @param score 0 to 10000: each criterion's points times its weight
/// @param arrivesAt when they could be there
/// @param lateMinutes how much later than promised that is
/// @param activeMinutes how much they have to do that day already
/// @param lastAssignedAt when they were last given an order; null: never
/// @param excludedBy the rules that forbid it; empty for who can be sent
public record Candidate(
    UUID technicianId,
    String name,
    int score,
    Points points,
    int travelMinutes,
    Instant arrivesAt,
    int lateMinutes,
    int activeMinutes,
    Instant lastAssignedAt,
    List<Objection> excludedBy) {
  /// The points of each criterion, 0 to 100.
  public record Points(
      int slaSlack, int travel, int load, int skillFit, int continuity, int firstTimeFix) {
    int times(Policy.Weights weights) {
      return slaSlack * weights.slaSlack()
          + travel * weights.travel()
          + load * weights.load()
          + skillFit * weights.skillFit()
          + continuity * weights.continuity()
          + firstTimeFix * weights.firstTimeFix();
    }
  }

  /// The best first: who can be sent, then the score; then fewer active minutes, the oldest last
  /// assignment, the lowest id.
  public static final Comparator<Candidate> BEST_FIRST =
      Comparator.<Candidate>comparingInt(candidate -> candidate.excludedBy().size())
          .thenComparing(Comparator.comparingInt(Candidate::score).reversed())
          .thenComparingInt(Candidate::activeMinutes)
          .thenComparing(
              Candidate::lastAssignedAt, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(candidate -> candidate.technicianId().toString());

  public Candidate {
    excludedBy = List.copyOf(excludedBy);
  }

  /// Whether no hard rule forbids it.
  @JsonIgnore
  public boolean eligible() {
    return excludedBy.isEmpty();
  }
}
