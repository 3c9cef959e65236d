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
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/// Publishes to one SNS topic, packed into batches of at most 10 entries and 240 KiB; SNS takes 256
/// KiB, attributes included. An event that is larger than a batch by itself goes alone.
///
/// The attribute `type` is what subscriptions filter by. The trace goes in the body, and as an
/// attribute for those who route by it.
public final class SnsPublisher implements Publisher {
  private static final Logger log = LoggerFactory.getLogger(SnsPublisher.class);
  private static final int MAX_ENTRIES = 10;
  private static final int MAX_BATCH_BYTES = 240 * 1024;

  private final SnsClient sns;
  private final String topicArn;

  public SnsPublisher(SnsClient sns, String topicArn) {
    this.sns = sns;
    this.topicArn = topicArn;
  }

  @Override
  public Set<UUID> publish(List<Event> events) {
    Set<UUID> accepted = new HashSet<>();
    try {
      for (List<PublishBatchRequestEntry> batch : pack(events)) {
        accepted.addAll(send(batch));
      }
    } catch (SdkClientException e) {
      // No answer: the next batch would wait as long, and claims do not last for ever.
      log.warn("SNS does not answer; events will be tried again: {}", e.getMessage());
    }
    return accepted;
  }

  static List<List<PublishBatchRequestEntry>> pack(List<Event> events) {
    List<List<PublishBatchRequestEntry>> batches = new ArrayList<>();
    List<PublishBatchRequestEntry> batch = new ArrayList<>();
    int batchBytes = 0;
    for (Event event : events) {
      PublishBatchRequestEntry entry = entry(event);
      int bytes = bytes(entry);
      boolean full = batch.size() == MAX_ENTRIES || batchBytes + bytes > MAX_BATCH_BYTES;
      if (full && !batch.isEmpty()) {
        batches.add(batch);
        batch = new ArrayList<>();
        batchBytes = 0;
      }
      batch.add(entry);
      batchBytes += bytes;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /// @throws SdkClientException when SNS does not answer; it may have accepted the batch
  private Set<UUID> send(List<PublishBatchRequestEntry> batch) {
    Set<UUID> accepted = new HashSet<>();
    try {
      PublishBatchResponse response =
          sns.publishBatch(r -> r.topicArn(topicArn).publishBatchRequestEntries(batch));
      response.successful().forEach(entry -> accepted.add(UUID.fromString(entry.id())));
      response
          .failed()
          .forEach(entry ->
              log.warn("SNS refused {}: {} {}", entry.id(), entry.code(), entry.message()));
    } catch (SdkServiceException e) {
      log.warn("SNS refused {} event(s); they will be tried again", batch.size(), e);
    }
    return accepted;
  }

  /// As SNS counts: the message and each attribute's name, type and value.
  static int bytes(PublishBatchRequestEntry entry) {
    int bytes = utf8(entry.message());
    for (var attribute : entry.messageAttributes().entrySet()) {
      bytes +=
          utf8(attribute.getKey())
              + utf8(attribute.getValue().dataType())
              + utf8(attribute.getValue().stringValue());
    }
    return bytes;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
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
