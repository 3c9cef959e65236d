package com.telconova.workorder.seed;

import com.telconova.workorder.order.WorkRequest.Category;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The technicians, what they can do, and when they have been busy: nobody works on two orders at
/// once, in the past neither.
final class Crew {
  /// How many are looked at for one order.
  private static final int CHOICES = 4;

  private static final List<String> SKILLS =
      List.of("FIBRA", "COBRE", "TV", "TELEFONIA", "ALTURAS");

  /// Who began yesterday, one in so many, has done nothing yet.
  private static final int NEWCOMER = 50;

  private final List<Member> members = new ArrayList<>();
  private final Map<String, List<Member>> pools = new TreeMap<>();

  /// One technician.
  static final class Member {
    final UUID id;
    final String name;
    final boolean active;
    final boolean available;
    final Zone zone;
    final Map<String, Integer> skills = new TreeMap<>();
    final Map<String, LocalDate> expiries = new TreeMap<>();
    final String shift;
    final Double latitude;
    final Double longitude;
    final Map<Category, int[]> record = new EnumMap<>(Category.class);
    long assignments;
    Instant lastAssigned;
    private final List<long[]> busy = new ArrayList<>();

    private Member(RandomGenerator random, Zone zone, SeedPlan plan) {
      this.id =
          new UUID(plan.from().toEpochMilli() << 16 | 0x7000, random.nextLong() >>> 2 | 1L << 63);
      this.name = Words.person(random);
      this.active = random.nextInt(33) != 0;
      this.available = random.nextInt(16) != 0;
      this.zone = zone;
      this.shift = shift(random);
      boolean seen = zone != null && random.nextInt(10) != 0;
      this.latitude = seen ? zone.latitude() + random.nextDouble(-0.05, 0.05) : null;
      this.longitude = seen ? zone.longitude() + random.nextDouble(-0.05, 0.05) : null;
      LocalDate today = plan.now().atZone(ZoneOffset.UTC).toLocalDate();
      for (String skill : SKILLS) {
        if (random.nextInt(5) < 3) {
          skills.put(skill, 2 + random.nextInt(4));
          if (random.nextInt(8) == 0) {
            expiries.put(skill, today.plusDays(random.nextInt(-20, 600)));
          }
        }
      }
    }

    /// `days|start|end`; null: always on.
    private static String shift(RandomGenerator random) {
      return switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> "{1,2,3,4,5}|07:00|17:00";
        case 5, 6 -> "{1,2,3,4,5,6}|10:00|20:00";
        case 7 -> "{1,2,3,4,5,6,7}|22:00|06:00";
        default -> null;
      };
    }

    /// From when they can work for so long without a break.
    private long gap(long from, long millis) {
      long start = from;
      for (long[] piece : busy) {
        if (piece[0] >= start + millis) {
          break;
        }
        start = Math.max(start, piece[1]);
      }
      return start;
    }

    /// Notes work of so many milliseconds at the first moment from `from` at which it fits.
    ///
    /// @return when it begins
    long work(long from, long millis) {
      long start = gap(from, millis);
      int at = 0;
      while (at < busy.size() && busy.get(at)[0] < start) {
        at++;
      }
      busy.add(at, new long[] {start, start + millis});
      return start;
    }

    /// What is over before `time` need not be remembered.
    private void forget(long time) {
      while (!busy.isEmpty() && busy.getFirst()[1] < time) {
        busy.removeFirst();
      }
    }
  }

  Crew(RandomGenerator random, SeedPlan plan) {
    double[] shares = Zone.ALL.stream().mapToDouble(Zone::share).toArray();
    for (int i = 0; i < plan.technicians(); i++) {
      // One in each zone first, then by how much there is to do; a few anywhere.
      Zone zone =
          i < shares.length
              ? Zone.ALL.get(i)
              : random.nextInt(12) == 0 ? null : Zone.ALL.get(Zone.pick(random));
      Member member = new Member(random, zone, plan);
      members.add(member);
      if (i >= shares.length && random.nextInt(NEWCOMER) == 0) {
        continue;
      }
      for (String skill : member.skills.keySet()) {
        pool(zone, skill).add(member);
      }
      pool(zone, null).add(member);
    }
  }

  List<Member> members() {
    return members;
  }

  static List<String> skills() {
    return SKILLS;
  }

  /// Whoever can do it soonest, of a few who can at all.
  ///
  /// @param skill null: none is needed
  /// @param not who does not get it; may be null
  /// @param opened when the order was opened; never earlier than that of the order before
  /// @param recent whether the order may still be open: then they must work for us still
  /// @return null when there is nobody
  Member pick(
      RandomGenerator random,
      Zone zone,
      String skill,
      Member not,
      long opened,
      long from,
      long millis,
      boolean recent) {
    List<Member> here = pool(zone, skill);
    List<Member> anywhere = pool(null, skill);
    Member best = null;
    long soonest = Long.MAX_VALUE;
    for (int i = 0; i < CHOICES + 4 && (i < CHOICES || best == null); i++) {
      List<Member> pool =
          anywhere.isEmpty() || !here.isEmpty() && (i < CHOICES - 1) ? here : anywhere;
      if (pool.isEmpty()) {
        continue;
      }
      Member member = pool.get(random.nextInt(pool.size()));
      member.forget(opened);
      long start = member.gap(from, millis);
      if (member != not && (member.active || !recent) && start < soonest) {
        best = member;
        soonest = start;
      }
    }
    return best;
  }

  private List<Member> pool(Zone zone, String skill) {
    return pools.computeIfAbsent(
        (zone == null ? "" : zone.name()) + "|" + skill, _ -> new ArrayList<>());
  }
}
