package com.telconova.workorder.assignment;

import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.technician.Commitment;
import com.telconova.workorder.technician.Profile;
import com.telconova.workorder.technician.Shift;
import com.telconova.workorder.technician.Skill;
import com.telconova.workorder.technician.Workload;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/// Orders and technicians for tests of what is pure.
public final class Scenes {
  /// Monday, 10:00 in Bogotá.
  public static final Instant NOW = Instant.parse("2026-03-02T15:00:00Z");

  public static final ZoneId BOGOTA = ZoneId.of("America/Bogota");
  public static final Policy POLICY = Policy.current(25, Map.of("RURAL", 50));
  public static final Position CENTRE = new Position(4.6, -74.08);

  private Scenes() {}

  public static UUID id(int number) {
    return new UUID(0x7000L, 0x8000_0000_0000_0000L + number);
  }

  /// Minutes from now.
  public static Instant in(int minutes) {
    return NOW.plus(Duration.ofMinutes(minutes));
  }

  /// A P2 repair of an hour in the zone NORTE, to be reached within four hours.
  public static OrderFacts order(int number) {
    return new OrderFacts(
        id(number),
        1,
        Priority.P2,
        Category.REPAIR,
        "NORTE",
        CENTRE,
        List.of(),
        60,
        null,
        null,
        in(240),
        null,
        List.of(),
        List.of());
  }

  /// Somebody with the default profile, at the centre, with nothing to do.
  public static TechnicianFacts technician(int number) {
    return new TechnicianFacts(
        id(number),
        "T" + number,
        true,
        new Profile(null, List.of(), null, 480, true, CENTRE),
        Workload.NONE,
        0,
        null,
        List.of());
  }

  public static TechnicianFacts with(TechnicianFacts technician, Profile profile) {
    return new TechnicianFacts(
        technician.id(),
        technician.name(),
        technician.active(),
        profile,
        technician.workload(),
        technician.loadVersion(),
        technician.lastAssignedAt(),
        technician.records());
  }

  public static TechnicianFacts with(TechnicianFacts technician, Commitment... open) {
    return new TechnicianFacts(
        technician.id(),
        technician.name(),
        technician.active(),
        technician.profile(),
        new Workload(List.of(open), 0),
        technician.loadVersion(),
        technician.lastAssignedAt(),
        technician.records());
  }

  public static Inputs inputs(OrderFacts order, TechnicianFacts... technicians) {
    return new Inputs(NOW, BOGOTA, POLICY, order, List.of(technicians));
  }

  public static OrderFacts randomOrder(Random random, int number) {
    boolean window = random.nextInt(3) == 0;
    int opens = random.nextInt(600);
    return new OrderFacts(
        id(number),
        1 + random.nextInt(5),
        Priority.values()[random.nextInt(4)],
        Category.values()[random.nextInt(5)],
        random.nextBoolean() ? "NORTE" : "RURAL",
        random.nextInt(5) == 0 ? null : position(random),
        random.nextBoolean()
            ? List.of()
            : List.of(new RequiredSkill("S" + random.nextInt(3), 1 + random.nextInt(5))),
        5 + random.nextInt(200),
        window ? in(opens) : null,
        window ? in(opens + 60 + random.nextInt(240)) : null,
        in(random.nextInt(1_500) - 200),
        null,
        random.nextInt(4) == 0 ? List.of(id(1_000 + random.nextInt(5))) : List.of(),
        random.nextInt(2) == 0 ? List.of(id(1_000), id(1_001)) : List.of());
  }

  public static TechnicianFacts randomTechnician(Random random, int number) {
    Shift shift =
        new Shift(
            random.ints(4, 1, 8).mapToObj(DayOfWeek::of).toList(),
            LocalTime.of(random.nextInt(24), 0),
            LocalTime.of(random.nextInt(24), 0),
            BOGOTA);
    List<Skill> skills = new ArrayList<>();
    IntStream.range(0, 3)
        .filter(_ -> random.nextBoolean())
        .forEach(i ->
            skills.add(
                new Skill(
                    "s" + i,
                    1 + random.nextInt(5),
                    random.nextInt(3) == 0 ? LocalDate.of(2026, 3, 1 + random.nextInt(4)) : null)));
    List<Commitment> open = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      boolean window = random.nextBoolean();
      int opens = random.nextInt(600) - 100;
      open.add(
          new Commitment(
              id(10_000 + random.nextInt(10_000)),
              10 + random.nextInt(120),
              random.nextBoolean() ? "NORTE" : "RURAL",
              random.nextInt(5) == 0 ? null : position(random),
              window ? in(opens) : null,
              window ? in(opens + 120) : null,
              open.isEmpty() && random.nextBoolean() ? in(-random.nextInt(90)) : null,
              random.nextInt(4) == 0));
    }
    return new TechnicianFacts(
        id(number),
        "T" + number,
        random.nextInt(10) != 0,
        new Profile(
            random.nextBoolean() ? null : "NORTE",
            skills,
            random.nextBoolean() ? null : shift,
            60 + random.nextInt(480),
            random.nextInt(10) != 0,
            random.nextInt(5) == 0 ? null : position(random)),
        new Workload(open, random.nextInt(100)),
        random.nextInt(9),
        random.nextBoolean() ? null : in(-random.nextInt(10_000)),
        List.of(new TechnicianFacts.FixRecord(Category.REPAIR, 10, random.nextInt(11))));
  }

  private static Position position(Random random) {
    return new Position(4.5 + random.nextDouble() / 3, -74.2 + random.nextDouble() / 3);
  }
}
