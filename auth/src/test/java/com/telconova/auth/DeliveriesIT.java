package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.SnsPublisher;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/// Events in, from tracking's topic, and events out, to workorder's and tracking's queues.
final class DeliveriesIT {
  private static AuthFixture fixture;
  private static Api api;
  private static AwsClients aws;
  private static SnsClient sns;
  private static SqsClient sqs;
  private static SnsPublisher tracking;

  private String email;
  private String user;

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    api = fixture.api(fixture.start());
    aws = new AwsClients(Config.from(fixture.environment).aws());
    sns = aws.sns();
    sqs = aws.sqs();
    tracking = new SnsPublisher(sns, fixture.topology.topicArn("tracking"));
  }

  @AfterAll
  static void stop() {
    sns.close();
    sqs.close();
    aws.close();
    fixture.close();
  }

  @BeforeEach
  void register() {
    email = UUID.randomUUID() + "@example.com";
    user = fixture.register(api, email);
  }

  @Test
  void a_mail_that_was_sent_verifies_its_address_and_one_that_failed_later_undoes_that() {
    assertThat(state()).isEqualTo("UNKNOWN");

    deliver("notification.sent", "EMAIL", email, Instant.now());
    assertThat(state()).isEqualTo("VERIFIED");

    deliver("notification.failed", "EMAIL", email, Instant.now());
    assertThat(state()).isEqualTo("UNDELIVERABLE");
  }

  @Test
  void news_of_an_older_mail_never_replaces_news_of_a_newer_one() {
    Instant noon = Instant.parse("2026-06-01T12:00:00.000002Z");

    deliver("notification.failed", "EMAIL", email, noon);
    deliver("notification.sent", "EMAIL", email, noon.minusNanos(1_000));
    deliver("notification.sent", "EMAIL", email, noon);

    assertThat(state()).isEqualTo("UNDELIVERABLE");
  }

  @Test
  void only_mail_to_the_present_address_counts() {
    deliver("notification.failed", "SMS", "+573001234567", Instant.now());
    deliver("notification.failed", "EMAIL", "before." + email, Instant.now());
    deliver("notification.failed", "EMAIL", null, Instant.now());

    assertThat(state()).isEqualTo("UNKNOWN");

    deliver("notification.sent", "EMAIL", " " + email.toUpperCase() + " ", Instant.now());
    assertThat(state()).isEqualTo("VERIFIED");
  }

  @Test
  void news_that_come_twice_are_taken_once() {
    Event event = event("notification.sent", "EMAIL", email, Instant.now());

    tracking.publish(List.of(event));
    tracking.publish(List.of(event));
    awaitProcessed(event);
    deliver("notification.failed", "EMAIL", email, event.time().plusSeconds(1));

    assertThat(state()).isEqualTo("UNDELIVERABLE");
  }

  @Test
  void what_cannot_be_understood_is_not_taken_as_done() {
    Event broken =
        new Event(
            UUID.randomUUID(),
            "urn:microflow:tracking",
            "notification.sent",
            UUID.randomUUID(),
            Instant.now(),
            1,
            null,
            Mappers.TOLERANT.createObjectNode().put("channel", "EMAIL"));

    tracking.publish(List.of(broken));
    deliver("notification.sent", "EMAIL", email, Instant.now());

    assertThat(state()).isEqualTo("VERIFIED");
    assertThat(processed(broken)).isZero();
  }

  @Test
  void who_keeps_users_hears_of_each_with_all_that_is_kept_of_them() {
    fixture.login(api, email);

    Event workorder = receive("workorder", "user.registered");
    Event told = receive("tracking", "user.registered");
    Event login = receive("tracking", "user.authenticated");

    assertThat(workorder).isEqualTo(told);
    assertThat(told.source()).isEqualTo("urn:microflow:auth");
    assertThat(told.sequence()).isEqualTo(1);
    assertThat(told.time()).isEqualTo(fixture.clock.instant());
    assertThat(told.traceparent()).isNotBlank();
    assertThat(told.data().at("/email").asText()).isEqualTo(email);
    assertThat(told.data().at("/role").asText()).isEqualTo("CLIENT");
    assertThat(login.sequence()).isEqualTo(3);
  }

  private String state() {
    return fixture.database.withHandle(handle ->
        handle
            .select("select email_state from auth.app_user where id = ?::uuid", user)
            .mapTo(String.class)
            .one());
  }

  private void deliver(String type, String channel, String address, Instant time) {
    Event event = event(type, channel, address, time);
    tracking.publish(List.of(event));
    awaitProcessed(event);
  }

  private Event event(String type, String channel, String address, Instant time) {
    try {
      UUID notification = UUID.randomUUID();
      return new Event(
          UUID.randomUUID(),
          "urn:microflow:tracking",
          type,
          notification,
          time,
          1,
          null,
          Mappers.TOLERANT.readTree(
              """
              {"notificationId": "%s", "userId": "%s", "channel": "%s", "template": "order.created",
               "address": %s, "detail": "as it is"}
              """
                  .formatted(
                      notification,
                      user,
                      channel,
                      address == null ? "null" : "\"" + address + "\"")));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitProcessed(Event event) {
    await().atMost(Duration.ofSeconds(10)).until(() -> processed(event) == 1);
  }

  private static int processed(Event event) {
    return fixture.count("select count(*) from auth.processed where event_id = ?", event.id());
  }

  /// The event of this type about the test's user that reaches a service's inbox.
  private Event receive(String service, String type) {
    String queue =
        fixture
            .topology
            .queueUrl(com.telconova.shared.testing.Bench.get().endpoint(), service)
            .toString();
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                sqs
                    .receiveMessage(r ->
                        r.queueUrl(queue)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(1)
                            .visibilityTimeout(0))
                    .messages()
                    .stream()
                    .map(Message::body)
                    .map(Event::fromJson)
                    .filter(event -> event.type().equals(type))
                    .filter(event -> event.subject().toString().equals(user))
                    .findFirst()
                    .orElse(null),
            event -> event != null);
  }
}
