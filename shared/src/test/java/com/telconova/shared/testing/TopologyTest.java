package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TopologyTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAY = 24 * 60 * 60;

  @Test
  void every_service_has_a_topic_and_an_inbox_that_redrives_to_its_dead_letters() throws Exception {
    var rendered = JSON.readTree(Topology.standard().json());

    for (var service : Topology.SERVICES) {
      assertThat(rendered.path("topics").findValuesAsText("name")).contains("microflow-" + service);
      var inbox = named(rendered.path("queues"), "microflow-" + service + "-inbox");
      var attributes = inbox.path("attributes");
      assertThat(attributes.path("VisibilityTimeout").asText()).isEqualTo("60");
      var redrive = JSON.readTree(attributes.path("RedrivePolicy").asText());
      assertThat(redrive.path("maxReceiveCount").asInt()).isEqualTo(5);
      assertThat(redrive.path("deadLetterTargetArn").asText())
          .endsWith(":microflow-" + service + "-inbox-dlq");
      assertThat(named(rendered.path("queues"), "microflow-" + service + "-inbox-dlq")).isNotNull();
    }
    assertThat(rendered.path("buckets").get(0).asText()).isEqualTo("microflow-evidence");
  }

  @Test
  void a_subscription_is_raw_and_lets_through_only_what_its_consumer_handles() throws Exception {
    var rendered = JSON.readTree(Topology.standard().json());

    var policies = new HashMap<String, JsonNode>();
    for (var subscription : rendered.path("subscriptions")) {
      var attributes = subscription.path("attributes");
      assertThat(attributes.path("RawMessageDelivery").asText()).isEqualTo("true");
      policies.put(
          subscription.path("topic").asText() + " " + subscription.path("queue").asText(),
          JSON.readTree(attributes.path("FilterPolicy").asText()).path("type"));
    }

    assertThat(policies).hasSize(5);
    assertThat(policies.get("microflow-auth microflow-workorder-inbox"))
        .extracting(JsonNode::asText)
        .containsExactly("user.registered", "user.updated", "session.invalidated");
  }

  /// Terraform makes topics and queues of this file, and nothing else says what it makes.
  @Test
  void terraform_draws_the_same_picture() throws Exception {
    var file = Checkout.find().root().resolve("terraform/modules/messaging/topology.json").toFile();
    var drawn = JSON.readTree(file);
    var rendered = JSON.readTree(Topology.standard().json());
    var inbox = named(rendered.path("queues"), "microflow-auth-inbox").path("attributes");
    var dead = named(rendered.path("queues"), "microflow-auth-inbox-dlq").path("attributes");

    var queue = drawn.path("queue");
    var subscriptions = new HashMap<String, JsonNode>();
    for (var subscription : drawn.path("subscriptions")) {
      subscriptions.put(
          "microflow-%s microflow-%s-inbox"
              .formatted(
                  subscription.path("publisher").asText(), subscription.path("consumer").asText()),
          subscription.path("types"));
    }
    var wanted = new HashMap<String, JsonNode>();
    for (var subscription : rendered.path("subscriptions")) {
      wanted.put(
          subscription.path("topic").asText() + " " + subscription.path("queue").asText(),
          JSON.readTree(subscription.path("attributes").path("FilterPolicy").asText())
              .path("type"));
    }

    assertThat(drawn.path("services")).isEqualTo(JSON.valueToTree(Topology.SERVICES));
    assertThat(subscriptions).isEqualTo(wanted).hasSize(5);
    assertThat(queue.path("rawDelivery").asBoolean()).isTrue();
    assertThat(queue.path("fifo").asBoolean(true)).isFalse();
    assertThat(queue.path("visibilitySeconds").asText())
        .isEqualTo(inbox.path("VisibilityTimeout").asText());
    assertThat(queue.path("retentionDays").asInt() * DAY)
        .isEqualTo(inbox.path("MessageRetentionPeriod").asInt());
    assertThat(queue.path("deadLetterRetentionDays").asInt() * DAY)
        .isEqualTo(dead.path("MessageRetentionPeriod").asInt());
    assertThat(queue.path("maxReceives").asInt())
        .isEqualTo(
            JSON.readTree(inbox.path("RedrivePolicy").asText()).path("maxReceiveCount").asInt());
  }

  @Test
  void consumers_of_a_type_are_those_whose_inbox_gets_it() {
    assertThat(Topology.consumers("user.registered")).containsExactly("workorder", "tracking");
    assertThat(Topology.consumers("order.created")).containsExactly("tracking");
    assertThat(Topology.consumers("notification.sent")).containsExactly("auth");
    assertThat(Topology.consumers("tracking.progress.updated")).isEmpty();
  }

  @Test
  void unique_names_differ_and_keep_their_shape() {
    var endpoint = URI.create("http://127.0.0.1:4566");
    var one = Topology.unique("orders");
    var other = Topology.unique("orders");

    assertThat(one.prefix()).startsWith("orders-").isNotEqualTo(other.prefix());
    assertThat(one.queueUrl(endpoint, "auth"))
        .hasToString("http://127.0.0.1:4566/000000000000/" + one.prefix() + "-auth-inbox");
    assertThat(one.topicArn("auth"))
        .isEqualTo("arn:aws:sns:us-east-1:000000000000:" + one.prefix() + "-auth");
  }

  private static JsonNode named(JsonNode nodes, String name) {
    for (var node : nodes) {
      if (node.path("name").asText().equals(name)) {
        return node;
      }
    }
    throw new AssertionError(Map.of("missing", name));
  }
}
