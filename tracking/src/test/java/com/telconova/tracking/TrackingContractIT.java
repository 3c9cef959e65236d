package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.event.Event;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiFuzzer;
import com.telconova.shared.testing.ApiMatrix;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Operation;
import com.telconova.shared.token.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds tracking to `docs/openapi/tracking.yaml` and `docs/asyncapi.yaml`.
final class TrackingContractIT {
  private static final UUID SOMEBODY = UUID.randomUUID();
  private static final byte[] TEXT = "what was found".getBytes(StandardCharsets.UTF_8);
  private static TrackingFixture fixture;

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start();
    fixture.know(SOMEBODY);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void what_is_registered_is_documented_and_what_is_documented_is_registered() {
    assertThat(fixture.contract.differences(fixture.app.routes())).isEmpty();
  }

  @Test
  void every_operation_refuses_what_its_document_says_and_whom() {
    try (Api raw = new Api(fixture.app.port())) {
      ApiMatrix matrix = new ApiMatrix(fixture.contract, raw, new Orders());
      System.out.println("tracking, role matrix: " + matrix.run());
    }
  }

  @Test
  void nothing_that_anybody_sends_is_our_fault_or_answered_otherwise_than_documented() {
    Map<Role, String> tokens = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      tokens.put(role, fixture.tokens.issue(SOMEBODY, role));
    }
    List<String> ids =
        List.of(
            SOMEBODY.toString(),
            fixture.orderOf(SOMEBODY).toString(),
            fixture.orderOf(SOMEBODY).toString(),
            Orders.file(fixture.orderOf(SOMEBODY), SOMEBODY),
            Orders.message(SOMEBODY));

    try (Api raw = new Api(fixture.app.port())) {
      ApiFuzzer fuzzer = new ApiFuzzer(fixture.contract, raw, tokens::get, ids);
      System.out.println("tracking, fuzzer: " + fuzzer.run(ApiFuzzer.REQUESTS));
    }
  }

  @Test
  void every_event_that_the_catalogue_says_it_receives_is_taken_and_no_other() {
    EventCatalogue catalogue = EventCatalogue.load();
    assertThat(fixture.app.handles()).isEqualTo(catalogue.receivedBy("tracking"));

    for (String publisher : List.of("auth", "workorder")) {
      for (String type : catalogue.received(publisher, "tracking")) {
        Event example = catalogue.example(type);
        fixture.publish(publisher, example);
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() ->
                fixture.database.withHandle(handle ->
                    handle
                            .createQuery(
                                "select count(*) from tracking.processed where event_id = ?")
                            .bind(0, example.id())
                            .mapTo(Integer.class)
                            .one()
                        == 1));
      }
    }
  }

  /// Somebody who works on orders, and is told of them.
  private static final class Orders implements ApiMatrix.World {
    @Override
    public String token(Role role) {
      return fixture.tokens.issue(SOMEBODY, role);
    }

    @Override
    public String path(Operation operation, Role role) {
      return pathOf(operation, SOMEBODY);
    }

    @Override
    public String foreignPath(Operation operation, Role role) {
      return operation.parameters("path").isEmpty() ? null : pathOf(operation, UUID.randomUUID());
    }

    private static String pathOf(Operation operation, UUID person) {
      if (operation.path().startsWith("/tracking/docs")) {
        return operation.examplePath();
      }
      if (operation.path().startsWith("/notifications/unsubscribe")) {
        return operation.pathWith(UnsubscribeIT.token(fixture, person).toString());
      }
      if (operation.path().startsWith("/notifications")) {
        return operation
            .pathWith(person.toString())
            .replace(person + "/" + person, person + "/" + message(person));
      }
      UUID order = fixture.orderOf(person);
      if (operation.path().contains("/updates/")) {
        return operation
            .pathWith(order.toString())
            .replace("updates/" + order, "updates/" + update(order, person));
      }
      return operation.pathWith(
          operation.path().startsWith("/evidence") ? file(order, person) : order.toString());
    }

    private static String message(UUID person) {
      return fixture
          .api
          .post(
              "/notifications/send",
              fixture.token(Role.SUPERVISOR),
              "{\"userId\": \"%s\", \"subject\": \"s\", \"body\": \"b\"}".formatted(person))
          .text("/items/0/id");
    }

    private static String update(UUID order, UUID technician) {
      return fixture
          .api
          .post(
              "/tracking/" + order + "/update",
              fixture.tokens.issue(technician, Role.TECHNICIAN),
              "{\"kind\": \"PROGRESS\", \"minutes\": 90}")
          .text("/id");
    }

    private static String file(UUID order, UUID technician) {
      return fixture
          .upload(order, fixture.tokens.issue(technician, Role.TECHNICIAN), "AFTER", "a.txt", TEXT)
          .text("/id");
    }
  }
}
