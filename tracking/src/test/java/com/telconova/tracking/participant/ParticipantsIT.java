package com.telconova.tracking.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.FakeWorkorder;
import com.telconova.tracking.HandClock;
import com.telconova.tracking.TrackingDatabase;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ParticipantsIT {
  private final HandClock clock = new HandClock(Instant.parse("2026-03-02T13:00:00Z"));
  private final Database database = TrackingDatabase.open();
  private final FakeWorkorder workorder = new FakeWorkorder();
  private final HttpClient http = ServiceClient.connections();
  private final Participants participants =
      new Participants(
          database, new Workorder(new ServiceClient(clock, "workorder", workorder.url(), http)));
  private final UUID order = UUID.randomUUID();
  private final Principal customer = caller(Role.CLIENT);
  private final Principal technician = caller(Role.TECHNICIAN);

  @AfterEach
  void close() {
    http.close();
    workorder.close();
    database.close();
  }

  @Test
  void an_order_no_event_told_of_is_asked_for_once_and_kept() {
    workorder.put(order, customer.userId(), null, "CREATED", 1);

    assertThat(participants.require(order, customer).status()).isEqualTo(OrderStatus.CREATED);
    workorder.down(true);

    assertThat(participants.require(order, customer).code()).isEqualTo("WO-2026-000007");
    assertThat(workorder.calls()).isEqualTo(1);
  }

  @Test
  void what_workorder_does_not_know_is_not_found() {
    assertThatThrownBy(() -> participants.require(order, customer))
        .isInstanceOf(Failure.NotFound.class);
  }

  @Test
  void customer_technician_and_supervisors_take_part_and_nobody_else() {
    apply(technician.userId(), OrderStatus.ASSIGNED, 2);
    workorder.down(true);

    assertThat(participants.require(order, customer)).isNotNull();
    assertThat(participants.require(order, technician)).isNotNull();
    assertThat(participants.require(order, caller(Role.SUPERVISOR))).isNotNull();
    assertThat(participants.require(order, caller(Role.ADMIN))).isNotNull();
    assertThatThrownBy(() -> participants.require(order, caller(Role.CLIENT)))
        .isInstanceOf(Failure.NotFound.class);
    assertThat(workorder.calls()).isZero();
  }

  @Test
  void a_client_with_the_technicians_id_does_not_pass_for_the_technician() {
    apply(technician.userId(), OrderStatus.ASSIGNED, 2);
    Principal impostor =
        new Principal(
            technician.userId(),
            Role.CLIENT,
            UUID.randomUUID(),
            clock.instant(),
            new Secret("token"));

    assertThatThrownBy(() -> participants.require(order, impostor))
        .isInstanceOf(Failure.NotFound.class);
  }

  @Test
  void a_technician_just_assigned_is_let_in_before_the_event_comes() {
    apply(null, OrderStatus.CREATED, 1);
    workorder.put(order, customer.userId(), technician.userId(), "ASSIGNED", 2);

    assertThat(participants.require(order, technician).technicianId())
        .isEqualTo(technician.userId());
  }

  @Test
  void another_technician_is_asked_about_and_then_refused() {
    apply(technician.userId(), OrderStatus.ASSIGNED, 2);
    workorder.put(order, customer.userId(), technician.userId(), "ASSIGNED", 2);

    assertThatThrownBy(() -> participants.require(order, caller(Role.TECHNICIAN)))
        .isInstanceOf(Failure.NotFound.class);
    assertThat(workorder.calls()).isEqualTo(1);
  }

  @Test
  void facts_older_than_those_known_change_nothing() {
    apply(technician.userId(), OrderStatus.IN_PROGRESS, 3);
    apply(null, OrderStatus.CREATED, 1);

    assertThat(participants.require(order, customer).status()).isEqualTo(OrderStatus.IN_PROGRESS);

    apply(technician.userId(), OrderStatus.ON_HOLD, 3);

    assertThat(participants.require(order, customer).status()).isEqualTo(OrderStatus.ON_HOLD);
  }

  @Test
  void while_workorder_is_down_known_orders_work_and_unknown_ones_are_put_off() {
    apply(null, OrderStatus.CREATED, 1);
    UUID unknown = UUID.randomUUID();
    workorder.put(unknown, customer.userId(), null, "CREATED", 1);
    workorder.down(true);

    for (int i = 0; i < 6; i++) {
      assertThat(participants.require(order, customer)).isNotNull();
      assertThatThrownBy(() -> participants.require(unknown, customer))
          .isInstanceOfSatisfying(
              Failure.Unavailable.class,
              e -> assertThat(e.retryAfter()).isGreaterThan(Duration.ZERO));
    }
    int asked = workorder.calls();
    assertThat(asked).as("the circuit opened").isLessThan(12);

    workorder.down(false);
    clock.advance(Duration.ofSeconds(6));

    assertThat(participants.require(unknown, customer).id()).isEqualTo(unknown);
  }

  private void apply(UUID technicianId, OrderStatus status, long version) {
    OrderFacts facts =
        new OrderFacts(
            order,
            "WO-2026-000007",
            "No internet",
            customer.userId(),
            technicianId,
            status,
            version,
            null);
    database.useTransaction(handle -> participants.apply(handle, facts));
  }

  private Principal caller(Role role) {
    return new Principal(
        UUID.randomUUID(), role, UUID.randomUUID(), clock.instant(), new Secret("token"));
  }
}
