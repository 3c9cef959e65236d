package com.telconova.workorder.order;

import static com.telconova.workorder.order.OrderStatus.ASSIGNED;
import static com.telconova.workorder.order.OrderStatus.CANCELLED;
import static com.telconova.workorder.order.OrderStatus.COMPLETED;
import static com.telconova.workorder.order.OrderStatus.CREATED;
import static com.telconova.workorder.order.OrderStatus.IN_PROGRESS;
import static com.telconova.workorder.order.OrderStatus.ON_HOLD;
import static com.telconova.workorder.order.Standing.CUSTOMER;
import static com.telconova.workorder.order.Standing.STRANGER;
import static com.telconova.workorder.order.Standing.SUPERVISOR;
import static com.telconova.workorder.order.Standing.TECHNICIAN;
import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.token.Role;
import com.telconova.workorder.order.Transition.Illegal;
import com.telconova.workorder.order.Transition.Missing;
import com.telconova.workorder.order.Transition.Moved;
import com.telconova.workorder.order.Transition.NotPermitted;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class OrderStateTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final UUID ANA = UUID.fromString("00000000-0000-7000-8000-00000000000a");
  private static final UUID LUIS = UUID.fromString("00000000-0000-7000-8000-00000000000b");
  private static final Resolution FIXED =
      new Resolution("CABLE_REPLACED", Resolution.Outcome.RESOLVED, "New drop cable");

  private static final List<Objection> OBJECTIONS =
      List.of(new Objection("EXCLUDED", "They declined this order."));

  /// The table of the design, written down a second time: from, to, who.
  private static final Map<OrderStatus, Map<OrderStatus, Set<Standing>>> TABLE =
      Map.of(
          CREATED,
          Map.of(ASSIGNED, Set.of(SUPERVISOR), CANCELLED, Set.of(CUSTOMER, SUPERVISOR)),
          ASSIGNED,
          Map.of(
              CREATED, Set.of(TECHNICIAN, SUPERVISOR),
              ASSIGNED, Set.of(SUPERVISOR),
              IN_PROGRESS, Set.of(TECHNICIAN),
              CANCELLED, Set.of(CUSTOMER, SUPERVISOR)),
          IN_PROGRESS,
          Map.of(
              ON_HOLD, Set.of(TECHNICIAN, SUPERVISOR),
              COMPLETED, Set.of(TECHNICIAN),
              CANCELLED, Set.of(SUPERVISOR)),
          ON_HOLD,
          Map.of(IN_PROGRESS, Set.of(TECHNICIAN, SUPERVISOR), CANCELLED, Set.of(SUPERVISOR)),
          COMPLETED,
          Map.of(),
          CANCELLED,
          Map.of());

  @ParameterizedTest
  @EnumSource(OrderStatus.class)
  void every_move_is_made_by_whom_the_table_names_and_by_nobody_else(OrderStatus from) {
    for (OrderStatus to : OrderStatus.values()) {
      Set<Standing> permitted = TABLE.get(from).getOrDefault(to, Set.of());
      for (Standing standing : Standing.values()) {
        Transition outcome = states().get(from).apply(commands().get(to), standing, NOW);

        String move = from + " to " + to + " by " + standing;
        if (permitted.isEmpty()) {
          assertThat(outcome).as(move).isInstanceOf(Illegal.class);
        } else if (!permitted.contains(standing)) {
          assertThat(outcome).as(move).isInstanceOf(NotPermitted.class);
        } else {
          assertThat(outcome).as(move).isInstanceOf(Moved.class);
          assertThat(((Moved) outcome).next().status()).as(move).isEqualTo(to);
        }
      }
    }
  }

  private static final UUID CUSTOMER_ID = UUID.fromString("00000000-0000-7000-8000-00000000000c");

  /// Everybody who may come with a token, and what they are to an order of [#CUSTOMER_ID] that Ana
  /// has, had, or (as long as it is CREATED) has not.
  private enum Person {
    ITS_CLIENT(Role.CLIENT, CUSTOMER_ID, CUSTOMER),
    ANOTHER_CLIENT(Role.CLIENT, LUIS, STRANGER),
    ITS_TECHNICIAN(Role.TECHNICIAN, ANA, TECHNICIAN),
    ANOTHER_TECHNICIAN(Role.TECHNICIAN, LUIS, STRANGER),
    TECHNICIAN_WITH_THE_ID_OF_ITS_CLIENT(Role.TECHNICIAN, CUSTOMER_ID, STRANGER),
    CLIENT_WITH_THE_ID_OF_ITS_TECHNICIAN(Role.CLIENT, ANA, STRANGER),
    A_SUPERVISOR(Role.SUPERVISOR, LUIS, SUPERVISOR),
    AN_ADMIN(Role.ADMIN, LUIS, SUPERVISOR),
    A_SERVICE(Role.SERVICE, CUSTOMER_ID, STRANGER),
    NOBODY(Role.ANYONE, ANA, STRANGER);

    private final Actor actor;
    private final Standing standing;

    Person(Role role, UUID id, Standing standing) {
      this.actor = new Actor(id, role);
      this.standing = standing;
    }
  }

  private static Stream<Arguments> everything() {
    return Arrays.stream(OrderStatus.values())
        .flatMap(from ->
            Arrays.stream(OrderStatus.values())
                .flatMap(
                    to -> Arrays.stream(Person.values()).map(who -> Arguments.of(from, to, who))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void whoever_asks_for_whatever_of_an_order_in_any_state_gets_what_the_table_says(
      OrderStatus from, OrderStatus to, Person who) {
    Order order = order(states().get(from));
    boolean unassigned = from == CREATED && who == Person.ITS_TECHNICIAN;
    Standing expected = unassigned ? STRANGER : who.standing;
    Set<Standing> permitted = TABLE.get(from).getOrDefault(to, Set.of());

    Standing standing = who.actor.towards(order);
    Transition outcome = order.state().apply(commands().get(to), standing, NOW);

    assertThat(standing).isEqualTo(expected);
    assertThat(outcome)
        .isInstanceOf(
            permitted.isEmpty()
                ? Illegal.class
                : permitted.contains(expected) ? Moved.class : NotPermitted.class);
  }

  private static Order order(OrderState state) {
    return new Order(
        new UUID(0, 1),
        "WO-2026-000001",
        CUSTOMER_ID,
        null,
        state,
        List.of(),
        0,
        null,
        1,
        NOW,
        NOW);
  }

  @ParameterizedTest
  @EnumSource(OrderStatus.class)
  void what_is_allowed_is_exactly_what_the_table_lets_somebody_do(OrderStatus from) {
    for (Standing standing : Standing.values()) {
      Set<OrderStatus> expected =
          Set.copyOf(
              TABLE.get(from).entrySet().stream()
                  .filter(entry -> entry.getValue().contains(standing))
                  .map(Map.Entry::getKey)
                  .toList());

      assertThat(states().get(from).allowed(standing))
          .as(from + " for " + standing)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void a_technician_keeps_the_order_through_work_hold_and_completion() {
    OrderState assigned = new OrderState.Assigned(ANA);

    OrderState working = moved(assigned.apply(new Command.Work(null), TECHNICIAN, NOW));
    OrderState resting = moved(working.apply(new Command.Hold(HoldReason.PARTS), TECHNICIAN, NOW));
    OrderState again = moved(resting.apply(new Command.Work(null), SUPERVISOR, NOW));
    OrderState done = moved(again.apply(new Command.Complete(FIXED, false), TECHNICIAN, NOW));

    assertThat(resting).isEqualTo(new OrderState.OnHold(ANA, HoldReason.PARTS));
    assertThat(done).isEqualTo(new OrderState.Completed(ANA, FIXED, NOW));
    assertThat(done.technician()).contains(ANA);
  }

  @Test
  void taking_an_order_from_a_technician_needs_a_reason_and_another_technician() {
    OrderState assigned = new OrderState.Assigned(ANA);

    assertThat(assigned.apply(assign(LUIS, " "), SUPERVISOR, NOW))
        .isInstanceOf(Missing.class)
        .extracting("pointer")
        .isEqualTo("/reason");
    assertThat(assigned.apply(assign(ANA, "same"), SUPERVISOR, NOW)).isInstanceOf(Illegal.class);
    assertThat(assigned.apply(assign(LUIS, "nearer"), SUPERVISOR, NOW))
        .isEqualTo(new Moved(new OrderState.Assigned(LUIS)));
  }

  @Test
  void whoever_a_rule_speaks_against_gets_the_order_only_with_a_reason() {
    OrderState created = new OrderState.Created();

    assertThat(created.apply(new Command.Assign(ANA, OBJECTIONS, null, null), SUPERVISOR, NOW))
        .isInstanceOf(Illegal.class);
    assertThat(
            created.apply(
                new Command.Assign(ANA, OBJECTIONS, "nobody else", null), SUPERVISOR, NOW))
        .isEqualTo(new Moved(new OrderState.Assigned(ANA)));
  }

  @Test
  void nobody_begins_an_order_while_working_on_another() {
    Transition outcome =
        new OrderState.Assigned(ANA).apply(new Command.Work("WO-2026-000007"), TECHNICIAN, NOW);

    assertThat(outcome).isInstanceOf(Illegal.class);
    assertThat(((Illegal) outcome).detail()).contains("WO-2026-000007");
  }

  @Test
  void a_repair_is_signed_off_with_evidence_or_with_a_comment() {
    OrderState working = new OrderState.InProgress(ANA);
    Resolution silent = new Resolution("CABLE_REPLACED", Resolution.Outcome.PARTIAL, null);

    assertThat(working.apply(new Command.Complete(silent, false), TECHNICIAN, NOW))
        .isInstanceOf(Missing.class);
    assertThat(working.apply(new Command.Complete(silent, true), TECHNICIAN, NOW))
        .isInstanceOf(Moved.class);
    assertThat(working.apply(new Command.Complete(null, true), TECHNICIAN, NOW))
        .isInstanceOf(Missing.class);
  }

  @Test
  void giving_back_giving_up_and_resting_need_a_reason() {
    OrderState assigned = new OrderState.Assigned(ANA);
    OrderState working = new OrderState.InProgress(ANA);

    assertThat(assigned.apply(new Command.Unassign(null), TECHNICIAN, NOW))
        .isInstanceOf(Missing.class);
    assertThat(assigned.apply(new Command.Cancel(""), CUSTOMER, NOW)).isInstanceOf(Missing.class);
    assertThat(working.apply(new Command.Hold(null), TECHNICIAN, NOW)).isInstanceOf(Missing.class);
  }

  private static Command assign(UUID technician, String reason) {
    return new Command.Assign(technician, List.of(), reason, null);
  }

  private static OrderState moved(Transition transition) {
    assertThat(transition).isInstanceOf(Moved.class);
    return ((Moved) transition).next();
  }

  private static Map<OrderStatus, OrderState> states() {
    Map<OrderStatus, OrderState> states = new EnumMap<>(OrderStatus.class);
    states.put(CREATED, new OrderState.Created());
    states.put(ASSIGNED, new OrderState.Assigned(ANA));
    states.put(IN_PROGRESS, new OrderState.InProgress(ANA));
    states.put(ON_HOLD, new OrderState.OnHold(ANA, HoldReason.ACCESS));
    states.put(COMPLETED, new OrderState.Completed(ANA, FIXED, NOW));
    states.put(CANCELLED, new OrderState.Cancelled(ANA, "moved away", NOW));
    return states;
  }

  /// A complete command for each target, so that only the table can refuse it.
  private static Map<OrderStatus, Command> commands() {
    Map<OrderStatus, Command> commands = new EnumMap<>(OrderStatus.class);
    commands.put(CREATED, new Command.Unassign("ill today"));
    commands.put(ASSIGNED, assign(LUIS, "nearer"));
    commands.put(IN_PROGRESS, new Command.Work(null));
    commands.put(ON_HOLD, new Command.Hold(HoldReason.CUSTOMER));
    commands.put(COMPLETED, new Command.Complete(FIXED, true));
    commands.put(CANCELLED, new Command.Cancel("moved away"));
    return commands;
  }
}
