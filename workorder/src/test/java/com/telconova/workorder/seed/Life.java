package com.telconova.workorder.seed;

import com.telconova.shared.token.Role;
import com.telconova.workorder.order.HoldReason;
import com.telconova.workorder.order.OrderStatus;
import com.telconova.workorder.order.Resolution;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.seed.Crew.Member;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Moment.Phase;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// One order's way from the call to where it is now, as the rules allow it.
final class Life {
  /// Shares of the orders that are given up, late at one target, handed on, declined, held.
  private static final double CANCELLED = 0.06;

  private static final double LATE = 0.015;
  private static final double HANDED_ON = 0.02;
  private static final double DECLINED = 0.01;
  private static final double HELD = 0.03;
  private static final double WAITED_FOR_PARTS = 0.03;

  /// Over the last days so many of a million orders stay where they are, as a backlog.
  private static final Backlog WITH_NOBODY = new Backlog(0.0012, 14);

  private static final Backlog WITH_SOMEBODY = new Backlog(0.003, 10);
  private static final Backlog AT_REST = new Backlog(0.0012, 90);

  private static final WorkingTime AROUND_THE_CLOCK = new WorkingTime.AroundTheClock();

  private record Backlog(double share, int days) {
    /// How likely an order of this age is to belong to it.
    double chance(SeedPlan plan, Duration age) {
      int reach = Math.min(days, plan.days());
      return age.toDays() < reach ? Math.min(0.5, share * plan.days() / reach) : 0;
    }
  }

  /// What happened, when, and by whom.
  record Change(
      Instant at,
      OrderStatus to,
      Member member,
      HoldReason hold,
      UUID actor,
      Role role,
      String reason) {

    Moment moment(Priority priority) {
      Phase phase =
          switch (to) {
            case CREATED -> Phase.OPEN;
            case ASSIGNED -> Phase.ASSIGNED;
            case IN_PROGRESS -> Phase.WORKING;
            case ON_HOLD -> hold.pauses() ? Phase.PAUSED : Phase.WORKING;
            case COMPLETED -> Phase.COMPLETED;
            case CANCELLED -> Phase.CANCELLED;
          };
      return new Moment(at, priority, phase);
    }
  }

  final Instant createdAt;
  final UUID customer;
  final Category category;
  final Priority priority;
  final int zone;
  final String skill;
  final int minutes;
  final List<Change> changes = new ArrayList<>(6);
  final List<Member> excluded = new ArrayList<>(1);
  final Resolution resolution;

  private final RandomGenerator random;
  private final SeedPlan plan;
  private final WorkingTime clock;

  Life(
      RandomGenerator random,
      SeedPlan plan,
      BusinessCalendar calendar,
      Crew crew,
      Instant createdAt,
      UUID customer,
      UUID supervisor) {
    this.random = random;
    this.plan = plan;
    this.createdAt = createdAt;
    this.customer = customer;
    this.category = category(random);
    this.priority = priority(random, category);
    this.zone = Zone.pick(random);
    this.skill =
        random.nextInt(10) < 6 ? Crew.skills().get(random.nextInt(Crew.skills().size())) : null;
    this.minutes = 30 + 15 * random.nextInt(5);
    this.clock = priority == Priority.P1 || priority == Priority.P2 ? AROUND_THE_CLOCK : calendar;
    this.resolution = resolution(random, category);
    live(crew, supervisor);
    changes.removeIf(change -> change.at().isAfter(plan.now()));
  }

  private void live(Crew crew, UUID supervisor) {
    Duration age = Duration.between(createdAt, plan.now());
    boolean byClient = priority != Priority.P1 && random.nextInt(10) < 6;
    UUID creator = byClient ? customer : supervisor;
    Role role = byClient ? Role.CLIENT : Role.SUPERVISOR;
    add(createdAt, OrderStatus.CREATED, null, null, creator, role, null);
    double fate = random.nextDouble();
    if (fate < 0.6 * CANCELLED) {
      cancel(after(createdAt, assignMinutes(), random.nextDouble(0.1, 0.9)), null);
      return;
    }
    if (random.nextDouble() < WITH_NOBODY.chance(plan, age)) {
      return;
    }
    Instant assigned = after(createdAt, assignMinutes(), inTime());
    long work = Math.round(minutes * random.nextDouble(0.5, 1.5) * 60_000);
    Instant wanted = latest(after(createdAt, arriveMinutes(), inTime()), assigned.plusSeconds(300));
    boolean recent = age.toDays() < 100;
    Member member = pick(crew, null, wanted, work, recent);
    if (member == null) {
      return;
    }
    assign(assigned, member, supervisor, null);
    if (fate < CANCELLED) {
      cancel(between(assigned, wanted), member);
      return;
    }
    double handed = random.nextDouble();
    if (handed < HANDED_ON + DECLINED) {
      Member other = pick(crew, member, wanted, work, recent);
      if (other != null) {
        Instant at = between(assigned, wanted);
        if (handed < DECLINED) {
          excluded.add(member);
          add(
              at,
              OrderStatus.CREATED,
              null,
              null,
              member.id,
              Role.TECHNICIAN,
              "No alcanzo a llegar");
          at = between(at, wanted);
        }
        assign(at, other, supervisor, handed < DECLINED ? null : "Queda más cerca");
        member = other;
      }
    }
    if (random.nextDouble() < WITH_SOMEBODY.chance(plan, age)) {
      return;
    }
    work(member, wanted, work, random.nextDouble() < AT_REST.chance(plan, age));
  }

  /// Work begins, rests perhaps, and ends.
  private void work(Member member, Instant wanted, long work, boolean forGood) {
    double held = random.nextDouble();
    HoldReason why =
        held < WAITED_FOR_PARTS
            ? HoldReason.PARTS
            : held < WAITED_FOR_PARTS + HELD || forGood
                ? Words.oneOf(
                    random,
                    List.of(
                        HoldReason.CUSTOMER,
                        HoldReason.ACCESS,
                        HoldReason.FORCE_MAJEURE,
                        HoldReason.OTHER))
                : null;
    long first = why == null ? work : Math.max(work / 3, 60_000);
    Instant began = Instant.ofEpochMilli(member.work(wanted.toEpochMilli(), first));
    add(began, OrderStatus.IN_PROGRESS, member, null, member.id, Role.TECHNICIAN, null);
    Instant ends = began.plusMillis(first);
    if (why != null) {
      add(ends, OrderStatus.ON_HOLD, member, why, member.id, Role.TECHNICIAN, null);
      if (forGood) {
        return;
      }
      Instant again =
          why == HoldReason.PARTS
              ? latest(after(createdAt, resolveMinutes(), random.nextDouble(0.6, 1.3)), ends)
              : ends.plus(Duration.ofMinutes(60 + random.nextInt(1_500)));
      Instant resumed =
          Instant.ofEpochMilli(member.work(again.toEpochMilli() + 60_000, work - first));
      add(resumed, OrderStatus.IN_PROGRESS, member, null, member.id, Role.TECHNICIAN, null);
      ends = resumed.plusMillis(work - first);
    }
    add(ends, OrderStatus.COMPLETED, member, null, member.id, Role.TECHNICIAN, null);
  }

  private Member pick(Crew crew, Member not, Instant from, long millis, boolean recent) {
    return crew.pick(
        random,
        Zone.ALL.get(zone),
        skill,
        not,
        createdAt.toEpochMilli(),
        from.toEpochMilli(),
        millis,
        recent);
  }

  private void assign(Instant at, Member member, UUID supervisor, String reason) {
    add(at, OrderStatus.ASSIGNED, member, null, supervisor, Role.SUPERVISOR, reason);
  }

  private void cancel(Instant at, Member member) {
    add(at, OrderStatus.CANCELLED, member, null, customer, Role.CLIENT, "Ya no lo necesito");
  }

  private void add(
      Instant at,
      OrderStatus to,
      Member member,
      HoldReason hold,
      UUID actor,
      Role role,
      String reason) {
    changes.add(new Change(at, to, member, hold, actor, role, reason));
  }

  /// The last change, which says where the order is.
  Change last() {
    return changes.getLast();
  }

  boolean ended() {
    return last().to() == OrderStatus.COMPLETED || last().to() == OrderStatus.CANCELLED;
  }

  Instant first(OrderStatus status) {
    for (Change change : changes) {
      if (change.to() == status) {
        return change.at();
      }
    }
    return null;
  }

  /// How long it rested, in whole seconds.
  long heldSeconds() {
    Duration held = Duration.ZERO;
    for (int i = 0; i + 1 < changes.size(); i++) {
      if (changes.get(i).to() == OrderStatus.ON_HOLD) {
        held = held.plus(Duration.between(changes.get(i).at(), changes.get(i + 1).at()));
      }
    }
    return held.toSeconds();
  }

  boolean fixedAtOnce() {
    return resolution.outcome() == Resolution.Outcome.RESOLVED
        && changes.stream().noneMatch(change -> change.hold() == HoldReason.PARTS);
  }

  /// How much of the time that a target allows is used: hardly ever more than all of it.
  private double inTime() {
    return random.nextDouble() < LATE
        ? random.nextDouble(1.02, 1.8)
        : random.nextDouble(0.05, 0.88);
  }

  private Instant after(Instant from, int allowedMinutes, double share) {
    Duration time = Duration.ofMillis((long) (allowedMinutes * 60_000L * share));
    Instant at = clock.add(from, time);
    return Instant.ofEpochMilli(at.toEpochMilli());
  }

  private Instant between(Instant from, Instant to) {
    long millis = Duration.between(from, to).toMillis();
    return from.plusMillis(1 + (long) (random.nextDouble(0.1, 0.9) * Math.max(millis, 2)));
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  // What may pass is SlaPolicy's to judge; these are the times that people work by.
  private int assignMinutes() {
    return switch (priority) {
      case P1 -> 15;
      case P2 -> 30;
      case P3 -> 4 * 60;
      case P4 -> 10 * 60;
    };
  }

  private int arriveMinutes() {
    return switch (priority) {
      case P1 -> 2 * 60;
      case P2 -> 4 * 60;
      case P3 -> 10 * 60;
      case P4 -> 30 * 60;
    };
  }

  private int resolveMinutes() {
    return switch (priority) {
      case P1 -> 4 * 60;
      case P2 -> 8 * 60;
      case P3 -> 20 * 60;
      case P4 -> 50 * 60;
    };
  }

  private static Category category(RandomGenerator random) {
    int at = random.nextInt(100);
    return at < 50
        ? Category.REPAIR
        : at < 75
            ? Category.INSTALLATION
            : at < 90 ? Category.MAINTENANCE : at < 98 ? Category.UPGRADE : Category.DISCONNECTION;
  }

  private static Priority priority(RandomGenerator random, Category category) {
    int at = random.nextInt(100);
    if (category != Category.REPAIR) {
      return at < 10 ? Priority.P2 : at < 60 ? Priority.P3 : Priority.P4;
    }
    return at < 6 ? Priority.P1 : at < 40 ? Priority.P2 : at < 90 ? Priority.P3 : Priority.P4;
  }

  private static Resolution resolution(RandomGenerator random, Category category) {
    String code =
        switch (category) {
          case REPAIR ->
              Words.oneOf(
                  random,
                  List.of("CABLE_REPLACED", "MODEM_REPLACED", "CONNECTOR_CLEANED", "PORT_RESET"));
          case INSTALLATION -> "INSTALLED";
          case MAINTENANCE -> "MAINTAINED";
          case UPGRADE -> "UPGRADED";
          case DISCONNECTION -> "EQUIPMENT_COLLECTED";
        };
    int at = random.nextInt(100);
    return at < 92
        ? new Resolution(code, Resolution.Outcome.RESOLVED, "Queda funcionando")
        : at < 97
            ? new Resolution(code, Resolution.Outcome.PARTIAL, "Falta una segunda visita")
            : new Resolution(code, Resolution.Outcome.UNABLE, "No se pudo resolver en el sitio");
  }
}
