package com.telconova.tracking.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.telconova.tracking.notification.template.Templates;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class NewsTest {
  private final UUID customer = UUID.randomUUID();
  private final UUID technician = UUID.randomUUID();
  private final UUID supervisor = UUID.randomUUID();

  @Test
  void the_client_hears_that_the_order_is_registered_even_from_themselves() {
    assertThat(audience("order.created", null, customer)).containsExactly(customer);
  }

  @Test
  void the_technician_hears_of_the_assignment() {
    assertThat(audience("technician.assigned", technician, supervisor)).containsExactly(technician);
  }

  @Test
  void both_hear_of_a_change_except_whoever_made_it() {
    assertThat(audience("order.status_changed", technician, supervisor))
        .containsExactlyInAnyOrder(customer, technician);
    assertThat(audience("order.status_changed", technician, technician)).containsExactly(customer);
    assertThat(audience("order.status_changed", null, customer)).isEmpty();
    assertThat(audience("order.status_changed", technician, null))
        .containsExactlyInAnyOrder(customer, technician);
  }

  @Test
  void technician_and_supervisors_hear_that_time_runs_out() {
    for (String type : List.of("sla.warning", "sla.breached")) {
      assertThat(audience(type, technician, null)).containsExactly(technician);
      assertThat(audience(type, null, null)).isEmpty();
      assertThat(news(type, technician, null).concernsSupervisors()).isTrue();
    }
    assertThat(news("order.status_changed", technician, null).concernsSupervisors()).isFalse();
  }

  @Test
  void whoever_reported_what_cannot_be_hears_of_it() {
    UUID former = UUID.randomUUID();
    assertThat(audience("order.transition_refused", technician, former)).containsExactly(former);
    assertThat(audience("order.transition_refused", technician, null)).containsExactly(technician);
  }

  @Test
  void nobody_hears_of_the_rest() {
    for (String type : List.of("order.assigned", "order.completed", "order.cancelled")) {
      assertThat(audience(type, technician, supervisor)).as(type).isEmpty();
    }
  }

  @Test
  void whatever_somebody_hears_of_has_a_template() {
    for (String type :
        List.of(
            "order.created",
            "technician.assigned",
            "order.status_changed",
            "order.transition_refused",
            "sla.warning",
            "sla.breached",
            "user.password.changed")) {
      assertThat(Templates.NAMES).contains(type);
    }
  }

  private Set<UUID> audience(String type, UUID assigned, UUID actor) {
    return news(type, assigned, actor).audience();
  }

  private News news(String type, UUID assigned, UUID actor) {
    return new News(
        UUID.randomUUID(),
        type,
        UUID.randomUUID(),
        customer,
        assigned,
        actor,
        false,
        JsonNodeFactory.instance.objectNode());
  }
}
