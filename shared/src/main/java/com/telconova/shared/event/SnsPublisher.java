package com.telconova.shared.event;

import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/// Publishes to one SNS topic, packed into batches of at most 10 entries and 240 KiB; SNS takes 256
/// KiB, attributes included. An event that is larger than a batch by itself goes alone.
///
/// One event can bring down the call that it is in, and must hold up nobody else for it. So a batch
/// that is refused as a whole is sent again one by one: at the end, where the others were sent
/// before. What is then refused by itself is that event's refusal; three calls in a row that fail
/// as an outage does (5xx, throttled, forbidden, no such topic) are one.
///
/// The attribute `type` is what subscriptions filter by. The trace goes in the body, and as an
/// attribute for those who route by it.
public final class SnsPublisher implements Publisher {
  private static final Logger log = LoggerFactory.getLogger(SnsPublisher.class);
  private static final int MAX_ENTRIES = 10;
  private static final int MAX_BATCH_BYTES = 240 * 1024;

  /// So many calls in a row that the topic does not take are an outage.
  private static final int MAX_FAILURES = 3;

  private static final Set<Integer> TOPICS_STATUSES = Set.of(401, 403, 404, 408, 429);

  /// Errors with the status 400 that are no event's: of an encrypted topic's key, and of our
  /// credentials and clock. https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
  /// https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
  private static final Pattern TOPICS_CODES =
      Pattern.compile(
          "KMS|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|IncompleteSignature"
              + "|MissingAuthenticationToken|RequestExpired|OptInRequired|NotAuthorized|AccessDenied");

  private final SnsClient sns;
  private final String topicArn;
  private final Tracing tracing;

  /// Publishes without tracing.
  public SnsPublisher(SnsClient sns, String topicArn) {
    this(sns, topicArn, Tracing.OFF);
  }

  public SnsPublisher(SnsClient sns, String topicArn, Tracing tracing) {
    this.sns = sns;
    this.topicArn = topicArn;
    this.tracing = tracing;
  }

  @Override
  public Outcome publish(List<Event> events) {
    Sending sending = new Sending(tracing, topicArn);
    Outcome outcome = publish(sending.create(events), sending);
    sending.end(outcome);
    return outcome;
  }

  private Outcome publish(List<Event> events, Sending sending) {
    Queue<List<PublishBatchRequestEntry>> waiting = new ArrayDeque<>(pack(events));
    Set<UUID> accepted = new HashSet<>();
    Set<UUID> refused = new HashSet<>();
    Set<UUID> suspects = new HashSet<>();
    int failures = 0;
    while (!waiting.isEmpty()) {
      List<PublishBatchRequestEntry> batch = waiting.remove();
      try {
        PublishBatchResponse response = send(batch, sending);
        response.successful().forEach(entry -> accepted.add(UUID.fromString(entry.id())));
        refused.addAll(ids(batch));
        failures = 0;
      } catch (SdkClientException e) {
        // No answer: the next batch would wait as long, and claims do not last for ever.
        log.warn("SNS does not answer; {} event(s) wait: {}", events.size(), e.getMessage());
        return outcome(accepted, refused, true);
      } catch (SdkServiceException e) {
        log.warn("SNS refused a call with {} event(s): {}", batch.size(), e.getMessage());
        failures = isTopics(e) ? failures + 1 : 0;
        if (failures == MAX_FAILURES) {
          return outcome(accepted, refused, true);
        } else if (batch.size() > 1) {
          batch.forEach(entry -> waiting.add(List.of(entry)));
        } else if (isTopics(e)) {
          suspects.addAll(ids(batch));
        } else {
          refused.addAll(ids(batch));
        }
      }
    }
    // What fails alone while the topic takes others is to blame for it, whatever SNS calls it.
    boolean unreachable = accepted.isEmpty() && !suspects.isEmpty();
    if (!unreachable) {
      refused.addAll(suspects);
    }
    return outcome(accepted, refused, unreachable);
  }

  private static Outcome outcome(Set<UUID> accepted, Set<UUID> refused, boolean unreachable) {
    refused.removeAll(accepted);
    return new Outcome(accepted, refused, unreachable);
  }

  private static Set<UUID> ids(List<PublishBatchRequestEntry> batch) {
    return batch.stream().map(entry -> UUID.fromString(entry.id())).collect(Collectors.toSet());
  }

  /// Whether a refusal says something of the topic, our rights or SNS, and nothing of the events.
  /// What is in doubt is taken for the events' fault: that stalls nobody else.
  private static boolean isTopics(SdkServiceException e) {
    return e.statusCode() >= 500
        || TOPICS_STATUSES.contains(e.statusCode())
        || e.isThrottlingException()
        || e.isClockSkewException()
        || e instanceof AwsServiceException aws
            && aws.awsErrorDetails() != null
            && aws.awsErrorDetails().errorCode() != null
            && TOPICS_CODES.matcher(aws.awsErrorDetails().errorCode()).lookingAt();
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
  /// @throws SdkServiceException when it refuses the batch as a whole
  private PublishBatchResponse send(List<PublishBatchRequestEntry> batch, Sending sending) {
    Span span = sending.send(batch);
    EventsPublishedEvent told = EventsPublishedEvent.started();
    int accepted = 0;
    int refused = 0;
    PublishBatchResponse response;
    try {
      response = sns.publishBatch(r -> r.topicArn(topicArn).publishBatchRequestEntries(batch));
      accepted = response.successful().size();
      refused = response.failed().size();
    } catch (RuntimeException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
      if (told != null) {
        told.commit(batch, accepted, refused);
      }
    }
    response
        .failed()
        .forEach(
            entry -> log.warn("SNS refused {}: {} {}", entry.id(), entry.code(), entry.message()));
    return response;
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
