package com.telconova.tracking;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiExamples;
import com.telconova.shared.testing.ApiExamples.Needs;
import com.telconova.shared.token.Role;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Sends tracking every request that `docs/openapi/tracking.yaml` shows.
final class TrackingExamplesIT {
  private final TrackingFixture fixture = TrackingFixture.start();
  private final UUID technician = UUID.randomUUID();
  private final String token = fixture.tokens.issue(technician, Role.TECHNICIAN);

  @Test
  void every_request_that_the_document_shows_succeeds_and_is_answered_as_it_says() {
    try (fixture;
        Api raw = new Api(fixture.app.port())) {
      fixture.know(technician);
      System.out.println(
          "tracking, examples: " + story(new ApiExamples(fixture.contract, raw)).run());
    }
  }

  private ApiExamples story(ApiExamples examples) {
    Needs field = new Needs(token);
    Needs supervisor = new Needs(fixture.token(Role.SUPERVISOR));
    return examples
        .with("report", () -> supervisor.at("orderId", order()))
        .with(
            "correctUpdate",
            () -> {
              UUID order = order();
              return field.at("orderId", order).at("id", reported(order));
            })
        .with("getTimeline", () -> field.at("orderId", order()))
        .with("followOrder", () -> field.at("orderId", order()))
        .with("followAllOrders", () -> supervisor)
        .with("verifyTimeline", () -> supervisor.at("orderId", order()))
        .with("uploadEvidence", () -> field.at("orderId", order()))
        .with("listEvidence", () -> field.at("orderId", order()))
        .with("downloadEvidence", () -> field.at("id", file()))
        .with("deleteEvidence", () -> field.at("id", file()))
        .with("sendNotification", () -> supervisor)
        .with("listNotifications", () -> field.at("userId", technician))
        .with(
            "readNotification",
            () -> field.at("userId", technician).at("notificationId", message()))
        .with("askToUnsubscribe", () -> Needs.NOTHING.at("token", link()))
        .with("unsubscribe", () -> Needs.NOTHING.at("token", link()))
        .with("readTrackingDocs", () -> Needs.NOTHING)
        .with("getTrackingDocsFile", () -> Needs.NOTHING)
        .with("getTrackingOpenApi", () -> Needs.NOTHING)
        .with("getTrackingAsyncApi", () -> Needs.NOTHING);
  }

  /// An order that the technician works on.
  private UUID order() {
    return fixture.orderOf(technician);
  }

  private String reported(UUID order) {
    return fixture
        .api
        .post("/tracking/" + order + "/update", token, "{\"kind\": \"PROGRESS\", \"minutes\": 90}")
        .text("/id");
  }

  private String file() {
    byte[] text = "what was found".getBytes(StandardCharsets.UTF_8);
    return fixture.upload(order(), token, "AFTER", "a.txt", text).text("/id");
  }

  private String message() {
    return fixture
        .api
        .post(
            "/notifications/send",
            fixture.token(Role.SUPERVISOR),
            "{\"userId\": \"%s\", \"subject\": \"s\", \"body\": \"b\"}".formatted(technician))
        .text("/items/0/id");
  }

  private UUID link() {
    return UnsubscribeIT.token(fixture, technician);
  }
}
