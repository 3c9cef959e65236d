package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Periodic;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// How many messages are in a service's inbox and in its dead-letter queue, as SQS counts them
/// (approximately), read every 30 s in the background and never by whoever scrapes.
///
/// The dead-letter queue is the one that the inbox's redrive policy names. A queue that cannot be
/// read, for want of a right or because SQS does not answer, is left out: no figure is better than
/// an old one. That is said once, and harms nothing else.
public final class QueueDepth implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueDepth.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final Map<String, QueueAttributeName> STATES =
      Map.of(
          "visible", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          "in_flight", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          "delayed", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private static final List<QueueAttributeName> READ =
      Stream.concat(STATES.values().stream(), Stream.of(QueueAttributeName.REDRIVE_POLICY))
          .toList();

  private final SqsClient sqs;
  private final String queueUrl;
  private final Gauge messages;
  private final Set<String> unreadable = new HashSet<>();
  private final Periodic periodic;
  private Optional<String> deadLetterUrl = Optional.empty();

  /// Starts to read at once.
  public QueueDepth(EventConfig config, SqsClient sqs, CollectorRegistry registry) {
    this.sqs = sqs;
    this.queueUrl = config.queueUrl();
    this.messages =
        Gauge.build("sqs_queue_messages", "Messages in the inbox and its dead-letter queue.")
            .labelNames("queue", "state")
            .register(registry);
    this.periodic = Periodic.start("queue-depth", PERIOD, this::read);
    periodic.wake();
  }

  /// Reads both, now. For one thread at a time.
  void read() {
    read(queueUrl)
        .ifPresent(attributes ->
            deadLetterUrl = deadLetterUrl(attributes.get(QueueAttributeName.REDRIVE_POLICY)));
    // Where the inbox cannot be read, what it named before still can.
    deadLetterUrl.ifPresent(this::read);
  }

  private Optional<Map<QueueAttributeName, String>> read(String url) {
    String queue = name(url);
    try {
      Map<QueueAttributeName, String> attributes =
          sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(READ)).attributes();
      STATES.forEach((state, attribute) ->
          messages.labels(queue, state).set(Double.parseDouble(attributes.get(attribute))));
      unreadable.remove(queue);
      return Optional.of(attributes);
    } catch (RuntimeException e) {
      STATES.keySet().forEach(state -> messages.remove(queue, state));
      if (unreadable.add(queue)) {
        log.warn("Queue {} cannot be counted: {}", queue, CannotStart.reason(e));
      }
      return Optional.empty();
    }
  }

  /// It is in the same account and region as the inbox: SQS insists.
  /// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  private Optional<String> deadLetterUrl(String redrivePolicy) {
    try {
      String arn =
          redrivePolicy == null
              ? ""
              : Mappers.TOLERANT.readTree(redrivePolicy).path("deadLetterTargetArn").asText();
      return arn.isEmpty()
          ? Optional.empty()
          : Optional.of(
              queueUrl.substring(0, queueUrl.lastIndexOf('/') + 1)
                  + arn.substring(arn.lastIndexOf(':') + 1));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String name(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  @Override
  public void close() {
    periodic.close();
  }
}
