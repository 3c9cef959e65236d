package com.telconova.workorder.assignment;

import static com.telconova.workorder.assignment.Scenes.NOW;
import static com.telconova.workorder.assignment.Scenes.id;
import static com.telconova.workorder.assignment.Scenes.in;
import static com.telconova.workorder.assignment.Scenes.inputs;
import static com.telconova.workorder.assignment.Scenes.order;
import static com.telconova.workorder.assignment.Scenes.technician;
import static com.telconova.workorder.assignment.Scenes.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.order.Objection;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.technician.Commitment;
import com.telconova.workorder.technician.Profile;
import com.telconova.workorder.technician.Shift;
import com.telconova.workorder.technician.Skill;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EngineTest {
  @Test
  void whoever_has_the_default_profile_passes_every_hard_rule() {
    assertThat(rules(order(1), with(technician(1), Profile.DEFAULT))).isEmpty();
  }

  @Test
  void an_inactive_an_unavailable_and_an_excluded_technician_are_named_as_such() {
    TechnicianFacts gone =
        new TechnicianFacts(
            id(1),
            "T1",
            false,
            new Profile(null, List.of(), null, 480, false, null),
            technician(1).workload(),
            0,
            null,
            List.of());
    OrderFacts declined =
        asking(order(1), Priority.P2, List.of(), null, null, List.of(id(1)), null);
    OrderFacts theirs = asking(order(1), Priority.P2, List.of(), null, null, List.of(), id(1));

    assertThat(rules(declined, gone)).containsExactly("ACTIVE", "AVAILABLE", "EXCLUDED");
    assertThat(rules(theirs, technician(1))).containsExactly("EXCLUDED");
  }

  @Test
  void a_zone_binds_unless_the_order_is_P1() {
    TechnicianFacts south = with(technician(1), profile("SUR", List.of(), null, 480));

    assertThat(rules(order(1), south)).containsExactly("ZONE");
    assertThat(rules(asking(order(1), Priority.P1, List.of(), null, null, List.of(), null), south))
        .isEmpty();
  }

  @Test
  void every_skill_is_needed_at_its_level_and_on_the_day() {
    OrderFacts fibre =
        asking(
            order(1),
            Priority.P2,
            List.of(new RequiredSkill("Fiber", 3)),
            null,
            null,
            List.of(),
            null);
    LocalDate today = LocalDate.of(2026, 3, 2);

    assertThat(rules(fibre, technician(1))).containsExactly("SKILLS");
    assertThat(rules(fibre, skilled(new Skill("FIBER", 2, null)))).containsExactly("SKILLS");
    assertThat(rules(fibre, skilled(new Skill("FIBER", 5, today.minusDays(1)))))
        .containsExactly("SKILLS");
    assertThat(rules(fibre, skilled(new Skill("FIBER", 3, today)))).isEmpty();
  }

  @Test
  void way_and_work_must_be_over_before_the_shift_is() {
    // Now is 10:00; the way from the unknown takes 30 minutes, the work 60.
    assertThat(rules(order(1), onShift("08:00", "11:29"))).containsExactly("SHIFT");
    assertThat(rules(order(1), onShift("08:00", "11:30"))).isEmpty();
    assertThat(rules(order(1), onShift("10:01", "18:00"))).containsExactly("SHIFT");
  }

  @Test
  void a_window_lets_them_begin_when_their_shift_does() {
    OrderFacts afternoon =
        asking(order(1), Priority.P2, List.of(), in(120), in(300), List.of(), null);

    assertThat(rules(afternoon, onShift("13:00", "18:00"))).isEmpty();
    assertThat(rules(afternoon, onShift("16:00", "18:00"))).containsExactly("SHIFT");
    assertThat(Engine.evaluate(inputs(afternoon), afternoon, onShift("13:00", "18:00")).arrivesAt())
        .as("half an hour after the shift began")
        .isEqualTo(in(210));
  }

  @Test
  void what_is_left_of_the_day_must_take_the_work() {
    TechnicianFacts busy =
        with(
            with(technician(1), profile(null, List.of(), null, 150)),
            commitment(2, 91, null, null, null));

    assertThat(rules(order(1), busy)).containsExactly("CAPACITY");
    assertThat(rules(order(1), with(busy, commitment(2, 90, null, null, null)))).isEmpty();
  }

  @Test
  void what_rests_takes_nothing_of_the_day() {
    TechnicianFacts resting =
        with(
            with(technician(1), profile(null, List.of(), null, 60)),
            new Commitment(id(2), 300, "NORTE", null, null, null, null, true));

    assertThat(rules(order(1), resting)).isEmpty();
  }

  @Test
  void two_windows_that_cannot_both_be_kept_overlap() {
    OrderFacts noon = asking(order(1), Priority.P2, List.of(), in(120), in(150), List.of(), null);

    assertThat(rules(noon, with(technician(1), commitment(2, 60, in(120), in(150), null))))
        .containsExactly("OVERLAP");
    assertThat(rules(noon, with(technician(1), commitment(2, 30, in(120), in(150), null))))
        .as("the shorter first")
        .isEmpty();
    assertThat(rules(noon, with(technician(1), commitment(2, 300, null, null, in(-10)))))
        .as("the work in hand takes longer")
        .containsExactly("OVERLAP");
  }

  @Test
  void a_window_that_is_over_binds_nobody() {
    OrderFacts missed = asking(order(1), Priority.P2, List.of(), in(-60), in(-1), List.of(), null);

    assertThat(rules(missed, technician(1))).isEmpty();
  }

  @Test
  void P1_goes_before_what_waits_but_not_before_the_work_in_hand() {
    TechnicianFacts busy =
        with(
            technician(1),
            commitment(2, 60, null, null, in(-20)),
            commitment(3, 120, null, null, null));
    OrderFacts urgent = asking(order(1), Priority.P1, List.of(), null, null, List.of(), null);

    assertThat(arrival(order(1), busy)).isEqualTo(in(160));
    assertThat(arrival(urgent, busy)).isEqualTo(in(40));
  }

  @Test
  void the_way_begins_where_the_work_before_it_ends() {
    Position north = new Position(4.6 + 10 / 111.195, -74.08);
    int way = Scenes.POLICY.travelMinutes(Scenes.CENTRE, north, "NORTE");
    TechnicianFacts busy = with(technician(1), at(north, 2, 60, null, null, null));
    TechnicianFacts atWork = with(technician(1), at(north, 2, 60, null, null, in(-20)));
    TechnicianFacts anywhere = with(technician(1), at(null, 2, 60, null, null, null));

    assertThat(arrival(order(1), busy)).as("there and back").isEqualTo(in(way + 60 + way));
    assertThat(arrival(order(1), atWork)).isEqualTo(in(40 + way));
    assertThat(arrival(order(1), anywhere)).as("unknown ways").isEqualTo(in(30 + 60 + 30));
    assertThat(Engine.evaluate(inputs(order(1)), order(1), busy).travelMinutes()).isEqualTo(way);
  }

  @Test
  void windows_that_could_be_kept_but_for_the_way_between_them_overlap() {
    OrderFacts noon = asking(order(1), Priority.P2, List.of(), in(120), in(150), List.of(), null);
    Position far = new Position(4.6 + 40 / 111.195, -74.08);

    assertThat(rules(noon, with(technician(1), at(Scenes.CENTRE, 2, 60, in(120), in(180), null))))
        .isEmpty();
    assertThat(rules(noon, with(technician(1), at(far, 2, 60, in(120), in(180), null))))
        .containsExactly("OVERLAP");
  }

  @Test
  void it_does_not_matter_in_which_sequence_somebody_was_given_what_they_have() {
    Random random = new Random(53);
    for (int run = 0; run < 200; run++) {
      TechnicianFacts someone = Scenes.randomTechnician(random, 1_000);
      List<OrderFacts> given = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        given.add(Scenes.randomOrder(random, i));
      }
      OrderFacts next = Scenes.randomOrder(random, 9);
      TechnicianFacts one = someone;
      for (OrderFacts each : given) {
        one = one.given(each, NOW);
      }
      Collections.shuffle(given, random);
      TechnicianFacts other = someone;
      for (OrderFacts each : given) {
        other = other.given(each, NOW);
      }

      assertThat(Engine.evaluate(inputs(next), next, other))
          .isEqualTo(Engine.evaluate(inputs(next), next, one));
    }
  }

  @Test
  void points_are_what_the_policy_says() {
    Candidate candidate = Engine.evaluate(inputs(order(1)), order(1), technician(1));

    assertThat(candidate.points()).isEqualTo(new Candidate.Points(100, 100, 87, 100, 0, 50));
    assertThat(candidate.score()).isEqualTo(100 * 30 + 100 * 25 + 87 * 20 + 100 * 10 + 50 * 5);
    assertThat(candidate.lateMinutes()).isZero();
  }

  @Test
  void the_way_is_the_crow_s_at_the_speed_of_the_zone() {
    Position tenKilometresNorth = new Position(4.6 + 10 / 111.195, -74.08);

    assertThat(Scenes.CENTRE.metresTo(tenKilometresNorth)).isBetween(9_990L, 10_010L);
    assertThat(Scenes.POLICY.travelMinutes(Scenes.CENTRE, tenKilometresNorth, "NORTE"))
        .isBetween(24, 25);
    assertThat(Scenes.POLICY.travelMinutes(Scenes.CENTRE, tenKilometresNorth, "RURAL"))
        .isBetween(12, 13);
    assertThat(Scenes.POLICY.travelMinutes(null, tenKilometresNorth, "RURAL")).isEqualTo(30);
  }

  @Test
  void ties_go_to_the_less_active_then_to_the_longest_idle_then_to_the_lowest_id() {
    TechnicianFacts idle = technician(3);
    TechnicianFacts recent = assigned(technician(1), in(-10));
    TechnicianFacts earlier = assigned(technician(2), in(-20));

    assertThat(best(idle, recent, earlier)).isEqualTo(id(3));
    assertThat(best(recent, earlier)).isEqualTo(id(2));
    assertThat(best(technician(9), technician(8))).isEqualTo(id(8));
  }

  @Test
  void the_answer_does_not_depend_on_the_order_in_which_technicians_are_named() {
    Random random = new Random(17);
    for (int run = 0; run < 200; run++) {
      List<TechnicianFacts> technicians = technicians(random, 12);
      OrderFacts order = Scenes.randomOrder(random, 1);
      Ranking first = rank(order, technicians);
      Collections.shuffle(technicians, random);

      assertThat(rank(order, technicians)).isEqualTo(first);
    }
  }

  @Test
  void what_was_stored_is_replayed_byte_for_byte() throws JsonProcessingException {
    Random random = new Random(19);
    for (int run = 0; run < 200; run++) {
      Inputs inputs =
          new Inputs(
              NOW,
              Scenes.BOGOTA,
              Scenes.POLICY,
              Scenes.randomOrder(random, 1),
              technicians(random, 8));
      String stored = Mappers.TOLERANT.writeValueAsString(inputs);
      String answer = Mappers.TOLERANT.writeValueAsString(Engine.rank(inputs));

      Inputs read = Mappers.TOLERANT.readValue(stored, Inputs.class);

      assertThat(Mappers.TOLERANT.writeValueAsString(read)).isEqualTo(stored);
      assertThat(Mappers.TOLERANT.writeValueAsString(Engine.rank(read))).isEqualTo(answer);
    }
  }

  @Test
  void scores_stay_within_their_range_and_who_is_excluded_comes_last() {
    Random random = new Random(23);
    for (int run = 0; run < 200; run++) {
      Ranking ranking = rank(Scenes.randomOrder(random, 1), technicians(random, 20));

      assertThat(ranking.candidates()).hasSize(20);
      assertThat(ranking.candidates())
          .allMatch(candidate -> candidate.score() >= 0 && candidate.score() <= 10_000);
      List<Boolean> eligible = ranking.candidates().stream().map(Candidate::eligible).toList();
      assertThat(eligible.lastIndexOf(true))
          .isEqualTo((int) eligible.stream().filter(e -> e).count() - 1);
    }
  }

  private static List<TechnicianFacts> technicians(Random random, int count) {
    List<TechnicianFacts> technicians = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      technicians.add(Scenes.randomTechnician(random, 1_000 + i));
    }
    return technicians;
  }

  private static Ranking rank(OrderFacts order, List<TechnicianFacts> technicians) {
    return Engine.rank(inputs(order, technicians.toArray(TechnicianFacts[]::new)));
  }

  private static UUID best(TechnicianFacts... technicians) {
    return Engine.rank(inputs(order(1), technicians)).best().orElseThrow().technicianId();
  }

  private static Instant arrival(OrderFacts order, TechnicianFacts technician) {
    return Engine.evaluate(inputs(order), order, technician).arrivesAt();
  }

  private static List<String> rules(OrderFacts order, TechnicianFacts technician) {
    return Engine.evaluate(inputs(order), order, technician).excludedBy().stream()
        .map(Objection::rule)
        .toList();
  }

  private static TechnicianFacts skilled(Skill skill) {
    return with(technician(1), profile(null, List.of(skill), null, 480));
  }

  private static TechnicianFacts onShift(String start, String end) {
    Shift shift =
        new Shift(
            List.of(DayOfWeek.MONDAY), LocalTime.parse(start), LocalTime.parse(end), Scenes.BOGOTA);
    return with(technician(1), profile(null, List.of(), shift, 480));
  }

  private static Profile profile(String zone, List<Skill> skills, Shift shift, int capacity) {
    return new Profile(zone, skills, shift, capacity, true, null);
  }

  private static Commitment commitment(
      int number, int minutes, Instant opens, Instant closes, Instant startedAt) {
    return at(Scenes.CENTRE, number, minutes, opens, closes, startedAt);
  }

  private static Commitment at(
      Position position,
      int number,
      int minutes,
      Instant opens,
      Instant closes,
      Instant startedAt) {
    return new Commitment(id(number), minutes, "NORTE", position, opens, closes, startedAt, false);
  }

  private static TechnicianFacts assigned(TechnicianFacts technician, Instant at) {
    return new TechnicianFacts(
        technician.id(),
        technician.name(),
        true,
        technician.profile(),
        technician.workload(),
        1,
        at,
        List.of());
  }

  private static OrderFacts asking(
      OrderFacts order,
      Priority priority,
      List<RequiredSkill> skills,
      Instant windowStart,
      Instant windowEnd,
      List<UUID> excluded,
      UUID technician) {
    return new OrderFacts(
        order.id(),
        order.version(),
        priority,
        order.category(),
        order.zone(),
        order.position(),
        skills,
        order.estimatedMinutes(),
        windowStart,
        windowEnd,
        order.arriveBy(),
        technician,
        excluded,
        order.formerTechnicians());
  }
}
