package com.telconova.workorder.assignment;

import com.telconova.workorder.assignment.Candidate.Points;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.technician.Profile;
import com.telconova.workorder.technician.Skill;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// Ranks technicians for an order. Pure, in whole numbers, and free of any order but the one it
/// defines: the same inputs give the same answer, byte for byte.
public final class Engine {
  private Engine() {}

  /// Every technician, the best first.
  public static Ranking rank(Inputs inputs) {
    List<Candidate> candidates =
        inputs.technicians().stream()
            .map(technician -> evaluate(inputs, inputs.order(), technician))
            .sorted(Candidate.BEST_FIRST)
            .toList();
    return new Ranking(inputs.order().id(), inputs.policy().version(), inputs.now(), candidates);
  }

  /// One technician for one order.
  ///
  /// @param inputs for the time, the zone and the policy
  public static Candidate evaluate(Inputs inputs, OrderFacts order, TechnicianFacts technician) {
    Visit visit = Visit.plan(inputs, order, technician);
    Points points = points(inputs, order, technician, visit);
    return new Candidate(
        technician.id(),
        technician.name(),
        points.times(inputs.policy().weights(order.priority())),
        points,
        visit.travelMinutes(),
        visit.arrivesAt(),
        minutesUp(order.arriveBy(), visit.arrivesAt()),
        visit.activeMinutes(),
        technician.lastAssignedAt(),
        HardRules.objections(inputs, order, technician, visit));
  }

  private static Points points(
      Inputs inputs, OrderFacts order, TechnicianFacts technician, Visit visit) {
    int far = inputs.policy().farMinutes();
    Profile profile = technician.profile();
    return new Points(
        slack(inputs.now(), order.arriveBy(), visit.arrivesAt()),
        share(far - visit.travelMinutes(), far),
        share(
            profile.capacityMinutes() - visit.activeMinutes() - order.estimatedMinutes(),
            profile.capacityMinutes()),
        skillFit(order, profile, visit.day()),
        continuity(order, technician),
        technician.firstTimeFixPercent(order.category()));
  }

  /// How much of the time that is left to arrive would be left then.
  private static int slack(Instant now, Instant arriveBy, Instant arrivesAt) {
    return share(
        Duration.between(arrivesAt, arriveBy).toSeconds(),
        Duration.between(now, arriveBy).toSeconds());
  }

  /// Who can do more than is asked for is better kept for those who ask for more: each level too
  /// many costs a quarter.
  private static int skillFit(OrderFacts order, Profile profile, LocalDate day) {
    int surplus = 0;
    for (RequiredSkill required : order.requiredSkills()) {
      surplus += Math.max(0, level(profile, required, day) - required.level());
    }
    return order.requiredSkills().isEmpty()
        ? 100
        : Math.max(0, 100 - 25 * surplus / order.requiredSkills().size());
  }

  private static int continuity(OrderFacts order, TechnicianFacts technician) {
    int index = order.formerTechnicians().indexOf(technician.id());
    if (index < 0) {
      return 0;
    }
    return index == 0 ? 100 : 50;
  }

  /// How well a skill is mastered on a day; 0: not at all.
  static int level(Profile profile, RequiredSkill required, LocalDate day) {
    return profile.skills().stream()
        .filter(skill -> skill.is(required.skill()) && skill.countsOn(day))
        .mapToInt(Skill::level)
        .max()
        .orElse(0);
  }

  /// Whole minutes from one moment to a later one, rounded up; 0 when it is not later.
  static int minutesUp(Instant from, Instant to) {
    long seconds = Duration.between(from, to).plusNanos(999_999_999).toSeconds();
    return Math.clamp(Math.ceilDiv(seconds, 60L), 0, Integer.MAX_VALUE);
  }

  /// In percent, from 0 to 100.
  private static int share(long part, long whole) {
    return whole <= 0 ? 0 : Math.clamp(100 * part / whole, 0, 100);
  }

  static boolean urgent(OrderFacts order) {
    return order.priority() == Priority.P1;
  }
}
