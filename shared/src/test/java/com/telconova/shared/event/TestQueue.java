package com.telconova.shared.event;

import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Topology;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/// A queue of a test's own with its dead letters, and a client of it that can be made to fail.
final class TestQueue implements SqsClient {
  final String url;
  final String deadUrl;
  private final SqsClient real;

  /// Called before each request is passed on; throws to have it fail.
  volatile Consumer<Object> fault = _ -> {};

  TestQueue() {
    Bench bench = Bench.get();
    Topology topology = Topology.unique("consumer");
    URI endpoint = bench.endpoint();
    bench.emulator().create(topology);
    this.url = topology.queueUrl(endpoint, "tracking").toString();
    this.deadUrl = topology.deadLetterQueueUrl(endpoint, "tracking").toString();
    this.real =
        SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
  }

  /// How a consumer of this queue is told of it.
  EventConfig config(int concurrency, Duration visibility) {
    return new EventConfig(
        "",
        Duration.ofSeconds(30),
        url,
        1,
        Duration.ofSeconds(1),
        visibility,
        Duration.ofSeconds(5),
        concurrency);
  }

  static Event event(UUID subject, long sequence) {
    return new Event(
        UUID.randomUUID(),
        "urn:microflow:test",
        "test.happened",
        subject,
        Instant.parse("2026-01-31T14:00:00Z"),
        sequence,
        "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
        Mappers.TOLERANT.valueToTree(Map.of("n", sequence)));
  }

  void send(Event event) {
    send(event.toJson());
  }

  /// Puts one straight among the dead letters.
  void sendDead(String body) {
    real.sendMessage(r -> r.queueUrl(deadUrl).messageBody(body));
  }

  /// To be seen only after a while.
  void sendDelayed(Event event, Duration delay) {
    real.sendMessage(
        r -> r.queueUrl(url).messageBody(event.toJson()).delaySeconds((int) delay.toSeconds()));
  }

  void send(String body) {
    real.sendMessage(r -> r.queueUrl(url).messageBody(body));
  }

  /// Messages that can be received, and those that somebody holds.
  int size() {
    return count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
        + count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
  }

  int dead() {
    return count(deadUrl, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  List<Message> receive() {
    return real.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10)).messages();
  }

  private int count(String queue, QueueAttributeName attribute) {
    return Integer.parseInt(
        real.getQueueAttributes(r -> r.queueUrl(queue).attributeNames(attribute))
            .attributes()
            .get(attribute));
  }

  @Override
  public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
    fault.accept(request);
    return real.receiveMessage(request);
  }

  @Override
  public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
    fault.accept(request);
    return real.deleteMessageBatch(request);
  }

  @Override
  public ChangeMessageVisibilityResponse changeMessageVisibility(
      ChangeMessageVisibilityRequest request) {
    fault.accept(request);
    return real.changeMessageVisibility(request);
  }

  @Override
  public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
    fault.accept(request);
    return real.getQueueAttributes(request);
  }

  @Override
  public String serviceName() {
    return "sqs";
  }

  @Override
  public void close() {
    real.close();
  }
}
