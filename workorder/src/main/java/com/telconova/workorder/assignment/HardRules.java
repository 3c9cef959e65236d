package com.telconova.workorder.assignment;

import com.telconova.workorder.order.Objection;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.technician.Commitment;
import com.telconova.workorder.technician.Profile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// What forbids to send a technician. Pure; names everything, not just the first.
final class HardRules {
  private HardRules() {}

  static List<Objection> objections(
      Inputs inputs, OrderFacts order, TechnicianFacts technician, Visit visit) {
    List<Objection> found = new ArrayList<>();
    Profile profile = technician.profile();
    if (!technician.active()) {
      add(found, Rule.ACTIVE, "They do not work for us any more.");
    }
    if (!profile.available()) {
      add(found, Rule.AVAILABLE, "They take no work at the moment.");
    }
    if (order.excluded().contains(technician.id())) {
      add(found, Rule.EXCLUDED, "They declined or lost this order.");
    } else if (technician.id().equals(order.technicianId())) {
      add(found, Rule.EXCLUDED, "They have this order already.");
    }
    if (!Engine.urgent(order) && profile.zone() != null && !profile.zone().equals(order.zone())) {
      add(found, Rule.ZONE, "They work in " + profile.zone() + ".");
    }
    skills(found, order, profile, visit);
    if (!visit.onShift()) {
      add(found, Rule.SHIFT, "They are not on shift for the way and the work.");
    }
    int left = profile.capacityMinutes() - visit.activeMinutes();
    if (left < order.estimatedMinutes()) {
      add(
          found,
          Rule.CAPACITY,
          "They have "
              + Math.max(0, left)
              + " of "
              + profile.capacityMinutes()
              + " minutes left that day, and the work takes "
              + order.estimatedMinutes()
              + ".");
    }
    if (order.windowBinds(inputs.now()) && !fits(inputs, order, technician, visit)) {
      add(found, Rule.OVERLAP, "They cannot keep the window besides what is promised already.");
    }
    return found;
  }

  private static void skills(
      List<Objection> found, OrderFacts order, Profile profile, Visit visit) {
    List<String> missing = new ArrayList<>();
    for (RequiredSkill required : order.requiredSkills()) {
      if (Engine.level(profile, required, visit.day()) < required.level()) {
        missing.add(required.skill() + " at level " + required.level());
      }
    }
    if (!missing.isEmpty()) {
      add(found, Rule.SKILLS, "They lack " + String.join(", ", missing) + ".");
    }
  }

  /// An appointment: somebody waits for the technician from `opens` to `closes`.
  private record Appointment(
      UUID orderId, Instant opens, Instant closes, int minutes, Position position, String zone) {}

  /// Whether every window can be kept when they are served in the order in which they close, the
  /// shorter first, after the work in hand, with the ways between them. What has no window is done
  /// in between or afterwards.
  private static boolean fits(
      Inputs inputs, OrderFacts order, TechnicianFacts technician, Visit visit) {
    Instant now = inputs.now();
    if (visit.arrivesAt().isAfter(order.windowEnd())) {
      return false;
    }
    List<Appointment> agenda = new ArrayList<>();
    agenda.add(
        new Appointment(
            order.id(),
            visit.arrivesAt(),
            order.windowEnd(),
            order.estimatedMinutes(),
            order.position(),
            order.zone()));
    for (Commitment each : technician.workload().open()) {
      boolean promised = each.windowEnd() != null && each.windowEnd().isAfter(now);
      boolean waiting = each.startedAt() == null && !each.onHold();
      if (promised && waiting && !each.orderId().equals(order.id())) {
        agenda.add(
            new Appointment(
                each.orderId(),
                each.windowStart() == null ? now : each.windowStart(),
                each.windowEnd(),
                each.estimatedMinutes(),
                each.position(),
                each.zone()));
      }
    }
    agenda.sort(
        Comparator.comparing(Appointment::closes)
            .thenComparingInt(Appointment::minutes)
            .thenComparing(Appointment::orderId));
    Stop stop = Stop.first(inputs, technician);
    for (Appointment each : agenda) {
      Instant there = stop.arrival(inputs.policy(), each.position(), each.zone());
      Instant arrives = each.opens().isAfter(there) ? each.opens() : there;
      if (arrives.isAfter(each.closes())) {
        return false;
      }
      stop = new Stop(arrives.plus(Duration.ofMinutes(each.minutes())), each.position());
    }
    return true;
  }

  private static void add(List<Objection> found, Rule rule, String detail) {
    found.add(new Objection(rule.name(), detail));
  }
}
