package com.telconova.workorder.dispatch;

import static com.telconova.workorder.assignment.Scenes.NOW;
import static com.telconova.workorder.assignment.Scenes.randomOrder;
import static com.telconova.workorder.assignment.Scenes.randomTechnician;
import static com.telconova.workorder.assignment.Scenes.technician;
import static com.telconova.workorder.assignment.Scenes.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.assignment.Scenes;
import com.telconova.workorder.assignment.TechnicianFacts;
import com.telconova.workorder.dispatch.Matching.Pair;
import com.telconova.workorder.technician.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    for (int run = 0; run < 300; run++) {
      List<Pair> pairs = pairs(random(random, 1 + random.nextInt(5), 1 + random.nextInt(4)));

      List<Pair> found = Matching.best(pairs);

      assertThat(cost(found, pairs)).isEqualTo(bruteForce(pairs));
    }
  }

  @Test
  void a_plan_is_never_worse_than_one_order_after_the_other() {
    Random random = new Random(31);
    int better = 0;
    for (int run = 0; run < 300; run++) {
      Task task = random(random, random.nextInt(15), 1 + random.nextInt(6));

      Plan plan = Dispatcher.plan(task);
      Plan.Cost greedy = Dispatcher.greedy(task, Draft.possible(task)).cost();

      assertThat(plan.cost()).isLessThanOrEqualTo(greedy);
      assertThat(plan.assigned().size() + plan.unassigned().size()).isEqualTo(task.orders().size());
      better += plan.cost().compareTo(greedy) < 0 ? 1 : 0;
    }
    assertThat(better).as("instances in which it is better").isGreaterThan(30);
  }

  @Test
  void the_same_task_gives_the_same_plan_and_survives_being_stored()
      throws JsonProcessingException {
    Random random = new Random(37);
    for (int run = 0; run < 50; run++) {
      Task task = random(random, 10, 5);
      String answer = Mappers.TOLERANT.writeValueAsString(Dispatcher.plan(task));

      Task read = Mappers.TOLERANT.readValue(Mappers.TOLERANT.writeValueAsString(task), Task.class);

      assertThat(Mappers.TOLERANT.writeValueAsString(Dispatcher.plan(read))).isEqualTo(answer);
    }
  }

  @Test
  void what_would_take_too_long_is_done_one_after_the_other_and_says_so() {
    List<TechnicianFacts> technicians =
        IntStream.range(0, 450).mapToObj(Scenes::technician).toList();

    long began = System.nanoTime();
    Plan plan = Dispatcher.plan(task(orders(450), technicians));

    assertThat(plan.method()).isEqualTo(Plan.Method.GREEDY_TOO_LARGE);
    assertThat(plan.assigned()).hasSize(450);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  private static Task random(Random random, int orders, int technicians) {
    List<OrderFacts> open = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      open.add(randomOrder(random, i));
    }
    open.sort(
        Comparator.comparing(OrderFacts::priority)
            .thenComparing(OrderFacts::arriveBy)
            .thenComparing(order -> order.id().toString()));
    List<TechnicianFacts> known = new ArrayList<>();
    for (int i = 0; i < technicians; i++) {
      known.add(randomTechnician(random, 1_000 + i));
    }
    return task(open, known);
  }

  private static List<OrderFacts> orders(int count) {
    return IntStream.range(0, count).mapToObj(i -> Scenes.order(100_000 + i)).toList();
  }

  private static Task task(List<OrderFacts> orders, List<TechnicianFacts> technicians) {
    return new Task(NOW, Scenes.BOGOTA, Scenes.POLICY, orders, technicians);
  }

  private static List<Pair> pairs(Task task) {
    return Dispatcher.pairs(new Draft(task, Draft.possible(task)));
  }

  private static Plan.Cost bruteForce(List<Pair> pairs) {
    return tryAll(pairs, pairs, 0, new HashMap<>(), new ArrayList<>());
  }

  private static Plan.Cost tryAll(
      List<Pair> all, List<Pair> pairs, int from, Map<UUID, Pair> taken, List<Pair> chosen) {
    Plan.Cost best = cost(chosen, all);
    for (int i = from; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      UUID order = pair.order().id();
      UUID technician = pair.candidate().technicianId();
      if (taken.containsKey(order) || taken.containsKey(technician)) {
        continue;
      }
      taken.put(order, pair);
      taken.put(technician, pair);
      chosen.add(pair);
      Plan.Cost cost = tryAll(all, pairs, i + 1, taken, chosen);
      best = cost.compareTo(best) < 0 ? cost : best;
      chosen.removeLast();
      taken.remove(order);
      taken.remove(technician);
    }
    return best;
  }

  private static Plan.Cost cost(List<Pair> chosen, List<Pair> all) {
    Map<UUID, Long> open = new HashMap<>();
    all.forEach(pair -> open.put(pair.order().id(), Draft.weight(pair.order().priority())));
    long late = 0;
    long lost = 0;
    for (Pair pair : chosen) {
      assertThat(open.remove(pair.order().id())).as("each order once").isNotNull();
      late += Draft.late(pair.candidate());
      lost += Draft.BEST_SCORE - pair.candidate().score();
    }
    return new Plan.Cost(open.values().stream().mapToLong(w -> w).sum(), late, lost);
  }
}
