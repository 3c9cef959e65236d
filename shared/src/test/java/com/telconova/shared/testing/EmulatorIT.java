package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

final class EmulatorIT {

  private static Path folder;
  private static Lifeline lifeline;
  private static Emulator emulator;
  private static SnsClient sns;
  private static SqsClient sqs;

  @BeforeAll
  static void start() {
    var checkout = Checkout.find();
    folder = checkout.scratch("emulator");
    lifeline = Lifeline.open();
    emulator = Emulator.start(checkout, folder.resolve("emulator.log"), lifeline);
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    sns =
        SnsClient.builder()
            .endpointOverride(emulator.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
    sqs =
        SqsClient.builder()
            .endpointOverride(emulator.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
  }

  @AfterAll
  static void stop() {
    sns.close();
    sqs.close();
    emulator.close();
    lifeline.close();
    Checkout.delete(folder);
  }

  @Test
  void an_event_reaches_only_the_inboxes_that_handle_its_type() {
    var topology = Topology.unique("filter");
    emulator.create(topology);

    publish(topology, "auth", "user.login");
    publish(topology, "auth", "user.registered");

    assertThat(bodies(receive(topology.queueUrl(emulator.endpoint(), "workorder"))))
        .containsExactly("user.registered");
    assertThat(bodies(receive(topology.queueUrl(emulator.endpoint(), "tracking"))))
        .containsExactlyInAnyOrder("user.login", "user.registered");
    assertThat(receive(topology.queueUrl(emulator.endpoint(), "auth"))).isEmpty();
  }

  @Test
  void a_message_received_five_times_and_never_deleted_goes_to_the_dead_letters() {
    var topology = Topology.unique("poison").withVisibility(Duration.ZERO);
    emulator.create(topology);
    var inbox = topology.queueUrl(emulator.endpoint(), "auth");

    publish(topology, "tracking", "notification.sent");

    for (int receives = 1; receives <= 5; receives++) {
      assertThat(receive(inbox)).hasSize(1);
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          assertThat(receive(inbox)).isEmpty();
          var dead = receive(topology.deadLetterQueueUrl(emulator.endpoint(), "auth"));
          assertThat(bodies(dead)).containsExactly("notification.sent");
        });
  }

  @Test
  void queue_urls_name_the_loopback_address() {
    var topology = Topology.unique("urls");
    emulator.create(topology);

    var url = sqs.getQueueUrl(r -> r.queueName(topology.prefix() + "-auth-inbox")).queueUrl();

    assertThat(url).isEqualTo(topology.queueUrl(emulator.endpoint(), "auth").toString());
    assertThat(URI.create(url).getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void making_a_topology_twice_keeps_what_is_in_it() {
    var topology = Topology.unique("twice");
    emulator.create(topology);
    publish(topology, "auth", "session.invalidated");

    emulator.create(topology);

    assertThat(receive(topology.queueUrl(emulator.endpoint(), "workorder"))).hasSize(1);
  }

  private static void publish(Topology topology, String service, String type) {
    sns.publish(r ->
        r.topicArn(topology.topicArn(service))
            .message(type)
            .messageAttributes(
                Map.of(
                    "type",
                    software.amazon.awssdk.services.sns.model.MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(type)
                        .build())));
  }

  private static List<Message> receive(URI queue) {
    return sqs.receiveMessage(r -> r.queueUrl(queue.toString()).maxNumberOfMessages(10)).messages();
  }

  private static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).toList();
  }
}
