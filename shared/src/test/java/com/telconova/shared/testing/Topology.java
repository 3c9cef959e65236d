package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Who publishes what to whom: a topic per publisher, an inbox with a dead-letter queue per
/// consumer, and between them only the event types that the consumer handles. The same picture is
/// drawn for AWS in `terraform/modules/messaging/topology.json`.
///
/// @param prefix starts every name; `microflow` but in tests that share an emulator
/// @param visibility how long a received message stays hidden from other consumers
/// @param maxReceives after so many receives a message goes to the dead-letter queue
public record Topology(String prefix, Duration visibility, int maxReceives) {

  /// The services, in the order in which they start.
  public static final List<String> SERVICES = List.of("auth", "workorder", "tracking");

  private static final String ACCOUNT = "000000000000";
  private static final String REGION = "us-east-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Subscription(String publisher, String consumer, List<String> types) {}

  private static final List<Subscription> SUBSCRIPTIONS =
      List.of(
          new Subscription("tracking", "auth", List.of("notification.failed", "notification.sent")),
          new Subscription(
              "auth",
              "workorder",
              List.of("user.registered", "user.updated", "session.invalidated")),
          new Subscription(
              "tracking",
              "workorder",
              List.of(
                  "tracking.work_started",
                  "tracking.work_completed",
                  "tracking.evidence_uploaded")),
          new Subscription(
              "auth",
              "tracking",
              List.of(
                  "user.registered",
                  "user.updated",
                  "user.login",
                  "user.authenticated",
                  "user.password.changed",
                  "session.invalidated")),
          new Subscription(
              "workorder",
              "tracking",
              List.of(
                  "order.created",
                  "order.assigned",
                  "technician.assigned",
                  "order.status_changed",
                  "order.completed",
                  "order.cancelled",
                  "order.transition_refused",
                  "sla.warning",
                  "sla.breached")));

  /// The product's own names and parameters.
  public static Topology standard() {
    return new Topology("microflow", Duration.ofSeconds(60), 5);
  }

  /// The same, under names that no other test uses.
  public static Topology unique(String prefix) {
    var suffix = UUID.randomUUID().toString().substring(0, 8);
    return new Topology(prefix + "-" + suffix, Duration.ofSeconds(60), 5);
  }

  /// With another visibility timeout, whole seconds; 0 makes a message visible again at once.
  public Topology withVisibility(Duration visibility) {
    return new Topology(prefix, visibility, maxReceives);
  }

  /// Which types published by `publisher` reach `consumer`'s inbox; empty when none.
  public static List<String> types(String publisher, String consumer) {
    return SUBSCRIPTIONS.stream()
        .filter(s -> s.publisher().equals(publisher) && s.consumer().equals(consumer))
        .flatMap(s -> s.types().stream())
        .toList();
  }

  /// Who handles a type, in [#SERVICES] order; empty when nobody does.
  public static List<String> consumers(String type) {
    var consumers = new ArrayList<>(SERVICES);
    consumers.removeIf(
        consumer -> SERVICES.stream().noneMatch(p -> types(p, consumer).contains(type)));
    return List.copyOf(consumers);
  }

  /// The topic to which a service publishes all its events.
  public String topicArn(String service) {
    return "arn:aws:sns:" + REGION + ":" + ACCOUNT + ":" + topic(service);
  }

  /// The name of the queue from which a service consumes.
  public String queueName(String service) {
    return inbox(service);
  }

  /// The queue from which a service consumes.
  public URI queueUrl(URI endpoint, String service) {
    return url(endpoint, inbox(service));
  }

  /// Where a service's messages go that could not be handled.
  public URI deadLetterQueueUrl(URI endpoint, String service) {
    return url(endpoint, deadLetters(service));
  }

  /// The S3 bucket for evidence.
  public String bucket() {
    return prefix + "-evidence";
  }

  /// The emulator's own description of all this, JSON.
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("region", REGION);
    var queues = root.putArray("queues");
    var topics = root.putArray("topics");
    for (var service : SERVICES) {
      queue(queues, deadLetters(service), Map.of("MessageRetentionPeriod", days(14)));
      queue(
          queues,
          inbox(service),
          Map.of(
              "MessageRetentionPeriod",
              days(4),
              "VisibilityTimeout",
              Long.toString(visibility.toSeconds()),
              "RedrivePolicy",
              JSON.createObjectNode()
                  .put(
                      "deadLetterTargetArn",
                      "arn:aws:sqs:" + REGION + ":" + ACCOUNT + ":" + deadLetters(service))
                  .put("maxReceiveCount", maxReceives)
                  .toString()));
      topics.addObject().put("name", topic(service));
    }
    var subscriptions = root.putArray("subscriptions");
    for (var subscription : SUBSCRIPTIONS) {
      var policy = JSON.createObjectNode();
      policy.set("type", JSON.valueToTree(subscription.types()));
      subscriptions
          .addObject()
          .put("topic", topic(subscription.publisher()))
          .put("queue", inbox(subscription.consumer()))
          .putObject("attributes")
          .put("RawMessageDelivery", "true")
          .put("FilterPolicy", policy.toString());
    }
    root.putArray("buckets").add(bucket());
    return root.toPrettyString();
  }

  private static void queue(ArrayNode queues, String name, Map<String, String> attributes) {
    queues.addObject().put("name", name).set("attributes", JSON.valueToTree(attributes));
  }

  private static String days(int days) {
    return Long.toString(Duration.ofDays(days).toSeconds());
  }

  private static URI url(URI endpoint, String queue) {
    return endpoint.resolve("/" + ACCOUNT + "/" + queue);
  }

  private String topic(String service) {
    return prefix + "-" + service;
  }

  private String inbox(String service) {
    return prefix + "-" + service + "-inbox";
  }

  private String deadLetters(String service) {
    return inbox(service) + "-dlq";
  }
}
