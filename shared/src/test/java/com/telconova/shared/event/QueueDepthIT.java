package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SqsException;

final class QueueDepthIT {
  private final CollectorRegistry registry = new CollectorRegistry();
  private TestQueue queue;
  private QueueDepth depth;

  @BeforeEach
  void open() {
    queue = new TestQueue();
  }

  @AfterEach
  void close() {
    depth.close();
    queue.close();
  }

  private void start() {
    depth = new QueueDepth(queue.config(1, Duration.ofSeconds(60)), queue, registry);
  }

  private Double messages(String url, String state) {
    String name = url.substring(url.lastIndexOf('/') + 1);
    return registry.getSampleValue(
        "sqs_queue_messages", new String[] {"queue", "state"}, new String[] {name, state});
  }

  @Test
  void the_inbox_and_its_dead_letters_are_counted_by_what_they_wait_for() {
    queue.send(TestQueue.event(UUID.randomUUID(), 1));
    assertThat(queue.receive()).hasSize(1);
    queue.send(TestQueue.event(UUID.randomUUID(), 1));
    queue.send(TestQueue.event(UUID.randomUUID(), 1));
    queue.sendDelayed(TestQueue.event(UUID.randomUUID(), 1), Duration.ofMinutes(5));
    for (int n = 0; n < 4; n++) {
      queue.sendDead("no event");
    }

    start();

    await()
        .untilAsserted(() -> {
          assertThat(messages(queue.url, "visible")).isEqualTo(2.0);
          assertThat(messages(queue.url, "in_flight")).isEqualTo(1.0);
          assertThat(messages(queue.url, "delayed")).isEqualTo(1.0);
          assertThat(messages(queue.deadUrl, "visible")).isEqualTo(4.0);
          assertThat(messages(queue.deadUrl, "in_flight")).isZero();
          assertThat(messages(queue.deadUrl, "delayed")).isZero();
        });
  }

  @Test
  void dead_letters_that_may_not_be_read_are_left_out_and_the_inbox_is_not() {
    queue.fault =
        request -> {
          if (isFor(request, queue.deadUrl)) {
            throw SqsException.builder().statusCode(403).message("no right").build();
          }
        };
    queue.send(TestQueue.event(UUID.randomUUID(), 1));

    start();

    await().untilAsserted(() -> assertThat(messages(queue.url, "visible")).isEqualTo(1.0));
    assertThat(messages(queue.deadUrl, "visible")).isNull();
  }

  @Test
  void what_could_be_read_and_no_longer_can_is_left_out_until_it_can_again() {
    queue.sendDead("no event");
    start();
    await().untilAsserted(() -> assertThat(messages(queue.deadUrl, "visible")).isEqualTo(1.0));
    depth.close();

    queue.fault =
        _ -> {
          throw SdkClientException.create("cut");
        };
    depth.read();
    assertThat(messages(queue.url, "visible")).isNull();
    assertThat(messages(queue.deadUrl, "visible")).isNull();

    queue.fault = _ -> {};
    depth.read();
    assertThat(messages(queue.url, "visible")).isZero();
    assertThat(messages(queue.deadUrl, "visible")).isEqualTo(1.0);
  }

  private static boolean isFor(Object request, String url) {
    return request instanceof GetQueueAttributesRequest ask && ask.queueUrl().equals(url);
  }
}
