package com.telconova.shared.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/// Publishes to one SNS topic, packed into batches of at most 10 entries and 256 KiB.
///
/// The attribute `type` is what subscriptions filter by. The trace goes in the body, and as an
/// attribute for those who route by it.
public final class SnsPublisher implements Publisher {
  private static final Logger log = LoggerFactory.getLogger(SnsPublisher.class);
  private static final int MAX_ENTRIES = 10;
  private static final int MAX_BATCH_BYTES = 255 * 1024;

  private final SnsClient sns;
  private final String topicArn;

  public SnsPublisher(SnsClient sns, String topicArn) {
    this.sns = sns;
    this.topicArn = topicArn;
  }

  @Override
  public Set<UUID> publish(List<Event> events) {
    Set<UUID> accepted = new HashSet<>();
    List<PublishBatchRequestEntry> batch = new ArrayList<>();
    int batchBytes = 0;
    for (Event event : events) {
      PublishBatchRequestEntry entry = entry(event);
      int bytes = entry.message().getBytes(StandardCharsets.UTF_8).length;
      if (batch.size() == MAX_ENTRIES || batchBytes + bytes > MAX_BATCH_BYTES) {
        accepted.addAll(send(batch));
        batch.clear();
        batchBytes = 0;
      }
      batch.add(entry);
      batchBytes += bytes;
    }
    accepted.addAll(send(batch));
    return accepted;
  }

  private Set<UUID> send(List<PublishBatchRequestEntry> batch) {
    Set<UUID> accepted = new HashSet<>();
    if (batch.isEmpty()) {
      return accepted;
    }
    try {
      PublishBatchResponse response =
          sns.publishBatch(
              r -> r.topicArn(topicArn).publishBatchRequestEntries(List.copyOf(batch)));
      response.successful().forEach(entry -> accepted.add(UUID.fromString(entry.id())));
      response
          .failed()
          .forEach(entry ->
              log.warn("SNS refused {}: {} {}", entry.id(), entry.code(), entry.message()));
    } catch (SdkException e) {
      log.warn("Could not publish {} event(s); they will be tried again", batch.size(), e);
    }
    return accepted;
  }

  private static PublishBatchRequestEntry entry(Event event) {
    Map<String, MessageAttributeValue> attributes =
        event.traceparent() == null
            ? Map.of("type", text(event.type()))
            : Map.of("type", text(event.type()), "traceparent", text(event.traceparent()));
    return PublishBatchRequestEntry.builder()
        .id(event.id().toString())
        .message(event.toJson())
        .messageAttributes(attributes)
        .build();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
