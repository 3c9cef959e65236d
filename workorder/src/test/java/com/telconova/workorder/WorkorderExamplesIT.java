package com.telconova.workorder;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiExamples;
import com.telconova.shared.testing.ApiExamples.Needs;
import com.telconova.shared.token.Role;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Sends workorder every request that `docs/openapi/workorder.yaml` shows.
final class WorkorderExamplesIT {
  private final WorkorderFixture fixture = WorkorderFixture.start();
  private final UUID customer = UUID.randomUUID();
  private final UUID technician = UUID.randomUUID();

  @Test
  void every_request_that_the_document_shows_succeeds_and_is_answered_as_it_says() {
    try (fixture;
        Api raw = new Api(fixture.app.port())) {
      fixture.know(technician);
      System.out.println(
          "workorder, examples: " + story(new ApiExamples(fixture.contract, raw)).run());
    }
  }

  private ApiExamples story(ApiExamples examples) {
    Needs client = new Needs(fixture.tokens.issue(customer, Role.CLIENT));
    Needs field = new Needs(fixture.tokens.issue(technician, Role.TECHNICIAN));
    Needs supervisor = new Needs(fixture.token(Role.SUPERVISOR));
    return examples
        .with("openOrder", () -> client)
        .with("listOrders", () -> client)
        .with("orderStats", () -> supervisor)
        .with("exportOrders", () -> supervisor)
        .with("getOrder", () -> client.at("id", order()))
        .with("updateOrder", () -> client.at("id", order()).header("If-Match", "\"1\""))
        .with("getOrderHistory", () -> client.at("id", order()))
        .with("getOrderSla", () -> client.at("id", order()))
        .with("changeOrderStatus", () -> client.at("id", order()).header("If-Match", "\"1\""))
        .with("createTechnician", () -> supervisor.with("/id", technician))
        .with("getTechnician", () -> field.at("id", technician))
        .with("updateTechnician", () -> supervisor.at("id", technician))
        .with("setAvailability", () -> field.at("id", technician))
        .with("listTechnicians", () -> supervisor)
        .with("listCandidates", () -> supervisor.at("id", order()))
        .with("assignOrder", () -> supervisor.at("id", order()).with("/technicianId", technician))
        .with("listDecisions", () -> supervisor.at("id", assigned()))
        .with("getDecision", () -> supervisor.at("id", fixture.decision(assigned())))
        .with("dispatch", () -> supervisor)
        .with("readWorkorderDocs", () -> Needs.NOTHING)
        .with("getWorkorderDocsFile", () -> Needs.NOTHING)
        .with("getWorkorderOpenApi", () -> Needs.NOTHING)
        .with("getWorkorderAsyncApi", () -> Needs.NOTHING);
  }

  /// An order of this customer's, just opened.
  private String order() {
    return fixture.open(fixture.tokens.issue(customer, Role.CLIENT));
  }

  private String assigned() {
    return fixture.assigned(fixture.knownTechnician());
  }
}
