package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import com.telconova.workorder.order.OpenOrders;
import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What an instance says of the orders that are open.
final class OpenOrdersIT {
  private static final String[] GROUP = {"status", "priority"};

  @Test
  void open_orders_are_counted_by_state_and_priority_and_those_that_are_late_among_them() {
    try (WorkorderFixture fixture = WorkorderFixture.start()) {
      UUID technician = fixture.knownTechnician();
      fixture.assigned(technician);
      String client = fixture.token(Role.CLIENT);
      fixture.open(client);
      String late = fixture.open(client);
      fixture.database.useHandle(handle ->
          handle.execute(
              "update workorder.work_order set sla_due_at = now() - interval '1 minute'"
                  + " where id = ?::uuid",
              late));

      CollectorRegistry registry = new CollectorRegistry();
      Map<String, String> bench = Bench.get().environment("workorder");
      try (Database database = open(bench.get("DATABASE_URL"), bench, registry);
          OpenOrders _ = new OpenOrders(database, registry)) {
        await().until(() -> !Double.isNaN(value(registry, "orders_open", "CREATED", "P2")));

        for (String status : new String[] {"CREATED", "ASSIGNED", "IN_PROGRESS", "ON_HOLD"}) {
          assertThat(value(registry, "orders_open", status, "P2"))
              .isEqualTo(counted(fixture, status, "true"));
          assertThat(value(registry, "orders_late", status, "P2"))
              .isEqualTo(counted(fixture, status, "sla_due_at < now()"));
        }
        assertThat(value(registry, "orders_open", "CREATED", "P2")).isGreaterThanOrEqualTo(2);
        assertThat(value(registry, "orders_open", "ASSIGNED", "P2")).isPositive();
        assertThat(value(registry, "orders_late", "CREATED", "P2")).isPositive();
        assertThat(value(registry, "orders_open", "COMPLETED", "P2")).isNull();
      }
    }
  }

  @Test
  void orders_that_cannot_be_counted_are_no_number() {
    CollectorRegistry registry = new CollectorRegistry();
    Map<String, String> bench = Bench.get().environment("workorder");
    try (Database database = open("jdbc:postgresql://127.0.0.1:1/nowhere", bench, registry);
        OpenOrders _ = new OpenOrders(database, registry)) {
      assertThat(value(registry, "orders_open", "CREATED", "P1")).isNaN();
      assertThat(value(registry, "orders_late", "CREATED", "P1")).isNaN();
    }
  }

  private static Database open(String url, Map<String, String> bench, CollectorRegistry registry) {
    Secret password = new Secret(bench.get("DATABASE_PASSWORD"));
    return Database.open(
        new DatabaseConfig(url, bench.get("DATABASE_USER"), password, 2, 1), registry);
  }

  private static Double value(
      CollectorRegistry registry, String name, String status, String priority) {
    return registry.getSampleValue(name, GROUP, new String[] {status, priority});
  }

  private static double counted(WorkorderFixture fixture, String status, String condition) {
    return fixture.database.withHandle(handle ->
        handle
            .select(
                "select count(*) from workorder.work_order where priority = 'P2' and status = ?"
                    + " and "
                    + condition,
                status)
            .mapTo(Double.class)
            .one());
  }
}
