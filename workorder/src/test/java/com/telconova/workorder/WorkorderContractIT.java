package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.event.Event;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiFuzzer;
import com.telconova.shared.testing.ApiMatrix;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Operation;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds workorder to `docs/openapi/workorder.yaml` and `docs/asyncapi.yaml`.
final class WorkorderContractIT {
  private static final UUID SOMEBODY = UUID.randomUUID();

  /// Whom the document's examples give orders to.
  private static final UUID EXAMPLE_TECHNICIAN =
      UUID.fromString("01920000-0000-7000-8000-00000000000a");

  private static WorkorderFixture fixture;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start();
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
      System.out.println("workorder, role matrix: " + matrix.run());
    }
  }

  @Test
  void nothing_that_anybody_sends_is_our_fault_or_answered_otherwise_than_documented() {
    UUID technician = fixture.knownTechnician();
    String client = fixture.tokens.issue(SOMEBODY, Role.CLIENT);
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      orders.add(fixture.open(client));
      orders.add(fixture.assigned(i < 5 ? technician : fixture.knownTechnician()));
    }
    orders.add(technician.toString());
    Map<Role, String> tokens = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      tokens.put(role, fixture.tokens.issue(role == Role.TECHNICIAN ? technician : SOMEBODY, role));
    }

    try (Api raw = new Api(fixture.app.port())) {
      ApiFuzzer fuzzer = new ApiFuzzer(fixture.contract, raw, tokens::get, orders);
      System.out.println("workorder, fuzzer: " + fuzzer.run(ApiFuzzer.REQUESTS));
    }
  }

  @Test
  void every_event_that_the_catalogue_says_it_receives_is_taken_and_no_other() {
    EventCatalogue catalogue = EventCatalogue.load();

    assertThat(fixture.app.handles()).isEqualTo(catalogue.receivedBy("workorder"));

    UUID order = UUID.fromString(fixture.assigned(fixture.knownTechnician()));
    for (String publisher : List.of("auth", "tracking")) {
      for (String type : catalogue.received(publisher, "workorder")) {
        Event example = about(order, catalogue.example(type));
        fixture.publish(publisher, example);
        fixture.awaitProcessed(example);
      }
    }
  }

  /// The example as it would be of an order, or somebody, that there is.
  private static Event about(UUID order, Event example) {
    return new Event(
        UUID.randomUUID(),
        example.source(),
        example.type(),
        example.source().endsWith("tracking") ? order : example.subject(),
        example.time(),
        example.sequence(),
        example.traceparent(),
        example.data());
  }

  /// Somebody who has orders as a client, and works on them as a technician.
  private static final class Orders implements ApiMatrix.World {
    private final UUID technician = EXAMPLE_TECHNICIAN;

    Orders() {
      fixture.know(technician);
    }

    @Override
    public String token(Role role) {
      return fixture.tokens.issue(role == Role.TECHNICIAN ? technician : SOMEBODY, role);
    }

    @Override
    public String path(Operation operation, Role role) {
      if (operation.parameters("path").isEmpty() || operation.path().startsWith("/workorder")) {
        return operation.examplePath();
      }
      if (operation.path().startsWith("/technicians")) {
        return operation.pathWith(fixture.knownTechnician().toString());
      }
      if (operation.path().startsWith("/decisions")) {
        return operation.pathWith(fixture.decision(fixture.assigned(fixture.knownTechnician())));
      }
      String order = fixture.open(fixture.tokens.issue(SOMEBODY, Role.CLIENT));
      if (role == Role.TECHNICIAN) {
        fixture.api.post(
            "/orders/" + order + "/assign",
            token(Role.SUPERVISOR),
            "{\"technicianId\": \"%s\", \"reason\": \"whatever speaks against it\"}"
                .formatted(technician));
      }
      return operation.pathWith(order);
    }

    /// An order of another client that nobody works on yet, or another technician.
    @Override
    public String foreignPath(Operation operation, Role role) {
      if (operation.parameters("path").isEmpty()) {
        return null;
      }
      return operation.pathWith(
          operation.path().startsWith("/technicians")
              ? fixture.knownTechnician().toString()
              : fixture.open(fixture.token(Role.CLIENT)));
    }
  }
}
