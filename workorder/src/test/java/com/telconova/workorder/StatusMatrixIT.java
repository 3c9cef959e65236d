package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The table of the design, over HTTP: whoever asks an order in any state to become any other is
/// answered as the table says, and an illegal move with what is legal.
final class StatusMatrixIT {
  private static final List<String> STATES =
      List.of("CREATED", "ASSIGNED", "IN_PROGRESS", "ON_HOLD", "COMPLETED", "CANCELLED");

  /// Who may make which move; whatever is not here, nobody may.
  private static final Map<String, List<Who>> TABLE =
      Map.ofEntries(
          Map.entry("CREATED ASSIGNED", List.of(Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("CREATED CANCELLED", List.of(Who.CUSTOMER, Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("ASSIGNED CREATED", List.of(Who.TECHNICIAN, Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("ASSIGNED ASSIGNED", List.of(Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("ASSIGNED IN_PROGRESS", List.of(Who.TECHNICIAN)),
          Map.entry("ASSIGNED CANCELLED", List.of(Who.CUSTOMER, Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("IN_PROGRESS ON_HOLD", List.of(Who.TECHNICIAN, Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("IN_PROGRESS COMPLETED", List.of(Who.TECHNICIAN)),
          Map.entry("IN_PROGRESS CANCELLED", List.of(Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("ON_HOLD IN_PROGRESS", List.of(Who.TECHNICIAN, Who.SUPERVISOR, Who.ADMIN)),
          Map.entry("ON_HOLD CANCELLED", List.of(Who.SUPERVISOR, Who.ADMIN)));

  private static WorkorderFixture fixture;
  private static Api api;

  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private UUID customer;
  private UUID technician;
  private String order;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start();
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private enum Who {
    CUSTOMER,
    ANOTHER_CLIENT,
    TECHNICIAN,
    ANOTHER_TECHNICIAN,
    SUPERVISOR,
    ADMIN,
    SERVICE
  }

  @Test
  void every_move_is_answered_to_everybody_as_the_table_says() {
    for (String from : STATES) {
      order = null;
      for (String to : STATES) {
        for (Who who : Who.values()) {
          if (order == null) {
            order = in(from);
          }
          ask(from, to, who);
        }
      }
    }
    System.out.println("states x targets x people over HTTP: " + statuses);
  }

  private void ask(String from, String to, Who who) {
    String move = "%s to %s by %s".formatted(from, to, who);
    boolean assigns = to.equals("ASSIGNED");
    List<Who> permitted = permitted(from, to);

    boolean needsWords = assigns ? from.equals("ASSIGNED") : !to.equals("IN_PROGRESS");
    if (permitted.contains(who) && needsWords) {
      // In silence it is not made: something must be said.
      Api.Answer silent = send(to, who, "");
      assertThat(silent.status()).as(move + ": %s", silent.body()).isEqualTo(422);
      assertThat(silent.text("/errors/0/pointer"))
          .as(move)
          .isEqualTo(
              switch (to) {
                case "ON_HOLD" -> "/reasonCode";
                case "COMPLETED" -> "/resolution";
                default -> "/reason";
              });
      statuses.merge(422, 1, Integer::sum);
    }
    Api.Answer answer = send(to, who, said(to));
    statuses.merge(answer.status(), 1, Integer::sum);

    assertThat(answer.status()).as(move + ": %s", answer.body()).isEqualTo(expected(from, to, who));
    if (answer.status() == 200) {
      assertThat(answer.text("/status")).as(move).isEqualTo(to);
      order = null;
    } else if (answer.status() == 409) {
      List<String> allowed = new ArrayList<>();
      answer.body().at("/allowedTransitions").forEach(node -> allowed.add(node.asText()));
      assertThat(allowed)
          .as(move)
          .isEqualTo(STATES.stream().filter(s -> permitted(from, s).contains(who)).toList());
    }
  }

  private int expected(String from, String to, Who who) {
    boolean mayAssign = who == Who.SUPERVISOR || who == Who.ADMIN;
    boolean stranger =
        who == Who.ANOTHER_CLIENT
            || who == Who.ANOTHER_TECHNICIAN
            || who == Who.TECHNICIAN && technician == null;
    if (who == Who.SERVICE || to.equals("ASSIGNED") && !mayAssign) {
      return 403;
    } else if (stranger) {
      return 404;
    } else if (permitted(from, to).isEmpty()) {
      return 409;
    }
    return permitted(from, to).contains(who) ? 200 : 403;
  }

  private static List<Who> permitted(String from, String to) {
    return TABLE.getOrDefault(from + " " + to, List.of());
  }

  @Test
  void an_order_is_assigned_only_where_a_technician_is_named() {
    order = in("CREATED");

    for (Who who : List.of(Who.CUSTOMER, Who.SUPERVISOR, Who.ADMIN)) {
      Api.Answer answer =
          api.put("/orders/" + order + "/status", token(who), "{\"status\": \"ASSIGNED\"}");
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.text("/errors/0/pointer")).isEqualTo("/status");
    }
  }

  private Api.Answer send(String to, Who who, String more) {
    return to.equals("ASSIGNED")
        ? api.post(
            "/orders/" + order + "/assign",
            token(who),
            "{\"technicianId\": \"%s\"%s}".formatted(fixture.knownTechnician(), more))
        : api.put(
            "/orders/" + order + "/status",
            token(who),
            "{\"status\": \"%s\"%s}".formatted(to, more));
  }

  private static String said(String to) {
    return switch (to) {
      case "IN_PROGRESS" -> "";
      case "ON_HOLD" -> ", \"reasonCode\": \"OTHER\"";
      case "COMPLETED" ->
          ", \"resolution\": {\"code\": \"RESET\", \"outcome\": \"RESOLVED\", \"comment\": \"Works\"}";
      default -> ", \"reason\": \"as agreed\"";
    };
  }

  private String token(Who who) {
    return switch (who) {
      case CUSTOMER -> fixture.tokens.issue(customer, Role.CLIENT);
      case TECHNICIAN ->
          technician == null
              ? fixture.token(Role.TECHNICIAN)
              : fixture.tokens.issue(technician, Role.TECHNICIAN);
      case ANOTHER_CLIENT -> fixture.token(Role.CLIENT);
      case ANOTHER_TECHNICIAN -> fixture.token(Role.TECHNICIAN);
      case SUPERVISOR, ADMIN, SERVICE -> fixture.token(Role.valueOf(who.name()));
    };
  }

  /// An order that has come to this state on the shortest way.
  private String in(String state) {
    customer = UUID.randomUUID();
    technician = null;
    order = fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
    List<String> way =
        switch (state) {
          case "CREATED", "ASSIGNED" -> List.of();
          case "IN_PROGRESS" -> List.of("IN_PROGRESS");
          case "CANCELLED" -> List.of("IN_PROGRESS", "ON_HOLD", "CANCELLED");
          default -> List.of("IN_PROGRESS", state);
        };
    if (!state.equals("CREATED")) {
      technician = fixture.knownTechnician();
      fixture.assign(order, technician);
    }
    for (String to : way) {
      Who who = to.equals("CANCELLED") ? Who.SUPERVISOR : Who.TECHNICIAN;
      assertThat(send(to, who, said(to)).status()).isEqualTo(200);
    }
    return order;
  }
}
