package com.telconova.workorder.dispatch;

import static com.telconova.workorder.assignment.Scenes.NOW;
import static com.telconova.workorder.assignment.Scenes.randomOrder;
import static com.telconova.workorder.assignment.Scenes.randomTechnician;
import static com.telconova.workorder.assignment.Scenes.technician;
import static com.telconova.workorder.assignment.Scenes.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Rounds;
import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.assignment.Engine;
import com.telconova.workorder.assignment.Inputs;
import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.assignment.Scenes;
import com.telconova.workorder.assignment.TechnicianFacts;
import com.telconova.workorder.dispatch.Matching.Pair;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.technician.Profile;
import com.telconova.workorder.technician.Skill;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DispatcherTest {
  @Test
  void a_technician_gets_as_many_orders_as_fit_into_the_day() {
    TechnicianFacts ana =
        with(technician(1), new Profile(null, List.of(), null, 150, true, Scenes.CENTRE));

    Plan plan = Dispatcher.plan(task(orders(3), List.of(ana)));

    assertThat(plan.assigned()).hasSize(2);
    assertThat(plan.unassigned()).hasSize(1);
    assertThat(plan.unassigned().getFirst().rules()).containsEntry("CAPACITY", 1);
  }

  @Test
  void nothing_to_do_and_nobody_to_do_it_are_plans_too() {
    assertThat(Dispatcher.plan(task(List.of(), List.of(technician(1)))).assigned()).isEmpty();
    assertThat(Dispatcher.plan(task(orders(2), List.of())).unassigned()).hasSize(2);
  }

  @Test
  void one_for_each_is_as_good_as_trying_every_way_there_is() {
    Random random = new Random(29);
    for (int run = 0; run < 1_000; run++) {
      Draft draft = new Draft(random(random, 1 + random.nextInt(5), 1 + random.nextInt(4)));
      List<Pair> pairs = pairs(draft);

      List<Pair> found = Matching.of(draft).best();

      assertThat(pairs).containsAll(found);
      assertThat(cost(found, pairs)).isEqualTo(tryAll(pairs, pairs, 0, new HashSet<>(), List.of()));
    }
  }

  /// Every sequence of giving orders to technicians there is, told apart from the dispatcher's way
  /// of looking at sets; nothing is left out because it could not be better.
  @Test
  void a_small_plan_is_as_good_as_every_sequence_of_giving_orders_to_technicians() {
    Random random = new Random(41);
    int instances = Rounds.of(150, 1_000);
    Set<Long> sequences = new HashSet<>();
    int several = 0;
    int leftOver = 0;
    int betterThanGreedy = 0;
    int betterThanRounds = 0;
    for (int run = 0; run < instances; run++) {
      boolean wide = random.nextInt(4) == 0;
      Task task =
          crowded(random, 1 + random.nextInt(wide ? 5 : 4), 1 + random.nextInt(wide ? 2 : 3));
      EverySequence every = new EverySequence(task);

      Plan plan = Dispatcher.plan(task);

      assertThat(plan.method()).isEqualTo(Plan.Method.OPTIMAL);
      assertThat(plan.cost()).as("instance %d", run).isEqualTo(every.best());
      assertThat(replayed(task, plan)).isEqualTo(plan.cost());
      sequences.add(every.sequences);
      long technicians =
          plan.assigned().stream().map(Plan.Assigned::technicianId).distinct().count();
      several += plan.assigned().size() > technicians ? 1 : 0;
      leftOver += plan.unassigned().isEmpty() ? 0 : 1;
      Draft empty = new Draft(task);
      betterThanGreedy += plan.cost().compareTo(Dispatcher.greedy(empty.copy()).cost()) < 0 ? 1 : 0;
      betterThanRounds +=
          plan.cost().compareTo(Dispatcher.rounds(empty.copy()).orElseThrow().cost()) < 0 ? 1 : 0;
    }
    System.out.printf(
        "dispatch: %d small instances equal to brute force, up to %d sequences each; somebody does"
            + " several orders in %d, something is left over in %d, better than greedy in %d and"
            + " than rounds in %d%n",
        instances,
        sequences.stream().mapToLong(s -> s).max().orElse(0),
        several,
        leftOver,
        betterThanGreedy,
        betterThanRounds);
    assertThat(several).isGreaterThan(instances / 5);
    assertThat(leftOver).isGreaterThan(instances / 5);
    assertThat(betterThanGreedy).isGreaterThan(instances / 50);
    assertThat(betterThanRounds).isGreaterThan(instances / 50);
  }

  @Test
  void a_plan_is_never_worse_than_one_order_after_the_other() {
    Random random = new Random(31);
    int better = 0;
    int optimal = 0;
    for (int run = 0; run < 1_000; run++) {
      Task task = random(random, random.nextInt(25), 1 + random.nextInt(8));

      Plan plan = Dispatcher.plan(task);
      Plan.Cost greedy = Dispatcher.greedy(new Draft(task)).cost();

      assertThat(plan.cost()).isLessThanOrEqualTo(greedy);
      assertThat(plan.assigned().size() + plan.unassigned().size()).isEqualTo(task.orders().size());
      better += plan.cost().compareTo(greedy) < 0 ? 1 : 0;
      optimal += plan.method() == Plan.Method.OPTIMAL ? 1 : 0;
    }
    System.out.printf(
        "dispatch: of 1000 random instances none is worse than greedy, %d better, %d proven"
            + " optimal%n",
        better, optimal);
    assertThat(better).as("instances in which it is better").isGreaterThan(100);
    assertThat(optimal).isBetween(100, 900);
  }

  @Test
  void of_plans_that_cost_the_same_the_one_that_breaks_ties_as_the_engine_does_is_taken() {
    List<TechnicianFacts> equal = List.of(technician(3), technician(2), technician(9));

    Plan plan = Dispatcher.plan(task(orders(1), equal));

    assertThat(plan.assigned().getFirst().technicianId()).isEqualTo(Scenes.id(2));
  }

  @Test
  void the_same_task_gives_the_same_plan_and_survives_being_stored()
      throws JsonProcessingException {
    Random random = new Random(37);
    for (int run = 0; run < 50; run++) {
      Task task = random(random, 5 + random.nextInt(10), 5);
      String answer = Mappers.TOLERANT.writeValueAsString(Dispatcher.plan(task));

      Task read = Mappers.TOLERANT.readValue(Mappers.TOLERANT.writeValueAsString(task), Task.class);

      assertThat(Mappers.TOLERANT.writeValueAsString(Dispatcher.plan(read))).isEqualTo(answer);
    }
  }

  @Test
  void five_hundred_orders_over_two_hundred_technicians_are_planned_well_within_two_seconds() {
    Task anything = large(43, false);
    Task zones = large(47, true);
    planned("everybody can do everything", anything);
    planned("ten zones, some skills", zones);
    planned("hardly anybody can do anything", task(anything.orders(), zones.technicians()));
  }

  /// Held to the time of the processor: a machine that does something else as well proves nothing.
  private static void planned(String what, Task task) {
    List<Long> millis = new ArrayList<>();
    List<Long> wall = new ArrayList<>();
    Plan plan = null;
    for (int run = Rounds.of(1, 10); run > 0; run--) {
      long began = System.nanoTime();
      long worked = worked();
      plan = Dispatcher.plan(task);
      millis.add(worked() - worked);
      wall.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
    System.out.printf(
        "dispatch: plan of 500 orders over 200 technicians, %s: CPU first %d ms, last %d ms, worst"
            + " %d ms; wall worst %d ms; %s, %d assigned%n",
        what,
        millis.getFirst(),
        millis.getLast(),
        Collections.max(millis),
        Collections.max(wall),
        plan.method(),
        plan.assigned().size());
    assertThat(plan.method()).isNotEqualTo(Plan.Method.GREEDY_TOO_LARGE);
    assertThat(millis).allMatch(each -> each < 2_000);
  }

  /// How long this thread has had a processor, in ms.
  private static long worked() {
    return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime())
        .toMillis();
  }

  @Test
  void what_would_take_too_long_is_done_one_after_the_other_and_says_so() {
    List<TechnicianFacts> technicians =
        IntStream.range(0, 450).mapToObj(Scenes::technician).toList();

    long worked = worked();
    Plan plan = Dispatcher.plan(task(orders(450), technicians));

    assertThat(plan.method()).isEqualTo(Plan.Method.GREEDY_TOO_LARGE);
    assertThat(plan.assigned()).hasSize(450);
    assertThat(worked() - worked).isLessThan(2_000);
  }

  /// 500 orders and 200 technicians, somewhere in the city.
  private static Task large(long seed, boolean zones) {
    Random random = new Random(seed);
    List<OrderFacts> orders = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      OrderFacts like = randomOrder(random, 100_000 + i);
      orders.add(
          new OrderFacts(
              like.id(),
              1,
              like.priority(),
              like.category(),
              zones ? "Z" + random.nextInt(10) : "NORTE",
              place(random),
              zones ? like.requiredSkills() : List.of(),
              30 + random.nextInt(90),
              zones ? like.windowStart() : null,
              zones ? like.windowEnd() : null,
              Scenes.in(30 + random.nextInt(1_500)),
              null,
              List.of(),
              List.of()));
    }
    orders.sort(URGENT_FIRST);
    List<TechnicianFacts> technicians = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<Skill> skills =
          IntStream.range(0, 3)
              .filter(_ -> random.nextInt(3) > 0)
              .mapToObj(skill -> new Skill("S" + skill, 1 + random.nextInt(5), null))
              .toList();
      technicians.add(
          with(
              technician(1_000 + i),
              new Profile(
                  zones ? "Z" + random.nextInt(10) : null,
                  skills,
                  null,
                  480,
                  true,
                  place(random))));
    }
    return task(orders, technicians);
  }

  private static Position place(Random random) {
    return new Position(4.5 + random.nextDouble() / 3, -74.2 + random.nextDouble() / 3);
  }

  private static Task random(Random random, int orders, int technicians) {
    List<OrderFacts> open = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      open.add(randomOrder(random, i));
    }
    open.sort(URGENT_FIRST);
    List<TechnicianFacts> known = new ArrayList<>();
    for (int i = 0; i < technicians; i++) {
      known.add(randomTechnician(random, 1_000 + i));
    }
    return task(open, known);
  }

  /// Like [#random], but such that several orders go to the same technician and get in each other's
  /// way: most technicians can do most orders, their days are short, and some are alike.
  private static Task crowded(Random random, int orders, int technicians) {
    Task like = random(random, orders, technicians);
    List<OrderFacts> open = new ArrayList<>();
    for (OrderFacts each : like.orders()) {
      boolean skilled = random.nextInt(3) == 0;
      open.add(
          new OrderFacts(
              each.id(),
              each.version(),
              random.nextInt(3) == 0 ? Priority.P2 : each.priority(),
              each.category(),
              random.nextInt(4) == 0 ? each.zone() : "NORTE",
              random.nextInt(3) == 0 ? Scenes.CENTRE : each.position(),
              skilled ? each.requiredSkills() : List.of(),
              random.nextInt(3) == 0 ? 60 : each.estimatedMinutes(),
              each.windowStart(),
              each.windowEnd(),
              Scenes.in(random.nextInt(400)),
              null,
              each.excluded(),
              each.formerTechnicians()));
    }
    open.sort(URGENT_FIRST);
    List<TechnicianFacts> known = new ArrayList<>();
    for (TechnicianFacts each : like.technicians()) {
      Profile profile = each.profile();
      known.add(
          random.nextInt(4) == 0
              ? with(technician(1_000 + known.size()), profile(profile, 240))
              : with(
                  random.nextBoolean() ? technician(1_000 + known.size()) : each,
                  profile(profile, 120 + random.nextInt(480))));
    }
    return task(open, known);
  }

  private static Profile profile(Profile like, int capacityMinutes) {
    return new Profile(
        like.zone(), like.skills(), like.shift(), capacityMinutes, true, like.position());
  }

  private static final Comparator<OrderFacts> URGENT_FIRST =
      Comparator.comparing(OrderFacts::priority)
          .thenComparing(OrderFacts::arriveBy)
          .thenComparing(order -> order.id().toString());

  private static List<OrderFacts> orders(int count) {
    return IntStream.range(0, count).mapToObj(i -> Scenes.order(100_000 + i)).toList();
  }

  private static Task task(List<OrderFacts> orders, List<TechnicianFacts> technicians) {
    return new Task(NOW, Scenes.BOGOTA, Scenes.POLICY, orders, technicians);
  }

  /// What a plan costs when it is carried out step by step, each of which must be allowed.
  private static Plan.Cost replayed(Task task, Plan plan) {
    EverySequence world = new EverySequence(task);
    plan.assigned().forEach(each -> world.give(each.orderId(), each.technicianId()));
    return world.cost();
  }

  /// Everything that can be done with a task, by the engine alone.
  private static final class EverySequence {
    private final Task task;
    private final Inputs inputs;
    private final Map<UUID, OrderFacts> open = new HashMap<>();
    private final Map<UUID, TechnicianFacts> technicians = new HashMap<>();
    private long late;
    private long lost;
    private long sequences;

    EverySequence(Task task) {
      this.task = task;
      this.inputs = new Inputs(task.now(), task.zone(), task.policy(), null, List.of());
      task.orders().forEach(order -> open.put(order.id(), order));
      task.technicians().forEach(each -> technicians.put(each.id(), each));
    }

    Plan.Cost best() {
      sequences++;
      Plan.Cost best = cost();
      for (OrderFacts order : task.orders()) {
        for (TechnicianFacts someone : task.technicians()) {
          TechnicianFacts before = technicians.get(someone.id());
          if (!open.containsKey(order.id()) || !Engine.evaluate(inputs, order, before).eligible()) {
            continue;
          }
          long lateBefore = late;
          long lostBefore = lost;
          give(order.id(), someone.id());
          Plan.Cost found = best();
          best = found.compareTo(best) < 0 ? found : best;
          open.put(order.id(), order);
          technicians.put(someone.id(), before);
          late = lateBefore;
          lost = lostBefore;
        }
      }
      return best;
    }

    void give(UUID order, UUID technician) {
      OrderFacts given = open.remove(order);
      TechnicianFacts before = technicians.get(technician);
      Candidate candidate = Engine.evaluate(inputs, given, before);
      assertThat(candidate.eligible()).isTrue();
      late += Math.min(candidate.lateMinutes(), 7 * 24 * 60);
      lost += 10_000 - candidate.score();
      technicians.put(technician, before.given(given, task.now()));
    }

    Plan.Cost cost() {
      return new Plan.Cost(
          open.values().stream().mapToLong(order -> Draft.weight(order.priority())).sum(),
          late,
          lost);
    }
  }

  private static List<Pair> pairs(Draft draft) {
    List<Pair> pairs = new ArrayList<>();
    for (int order : draft.open()) {
      for (int technician = 0; technician < draft.technicians(); technician++) {
        int price = draft.price(order, technician);
        if (price < Draft.NOT_NOW) {
          pairs.add(new Pair(order, technician, draft.weight(order), price));
        }
      }
    }
    return pairs;
  }

  /// @param taken orders, and technicians as negative numbers
  private static Plan.Cost tryAll(
      List<Pair> all, List<Pair> pairs, int from, Set<Integer> taken, List<Pair> chosen) {
    Plan.Cost best = cost(chosen, all);
    for (int i = from; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      Set<Integer> now = new HashSet<>(taken);
      if (now.add(pair.order()) && now.add(-1 - pair.technician())) {
        List<Pair> more = new ArrayList<>(chosen);
        more.add(pair);
        Plan.Cost cost = tryAll(all, pairs, i + 1, now, more);
        best = cost.compareTo(best) < 0 ? cost : best;
      }
    }
    return best;
  }

  private static Plan.Cost cost(List<Pair> chosen, List<Pair> all) {
    Map<Integer, Long> open = new HashMap<>();
    all.forEach(pair -> open.put(pair.order(), pair.weight()));
    long late = 0;
    long lost = 0;
    for (Pair pair : chosen) {
      assertThat(open.remove(pair.order())).as("each order once").isNotNull();
      late += Draft.late(pair.price());
      lost += Draft.lost(pair.price());
    }
    return new Plan.Cost(open.values().stream().mapToLong(w -> w).sum(), late, lost);
  }
}
