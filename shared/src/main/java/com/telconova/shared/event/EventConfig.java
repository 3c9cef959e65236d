package com.telconova.shared.event;

import com.telconova.shared.config.Settings;
import java.time.Duration;

/// Where events go and come from.
///
/// @param topicArn `TOPIC_ARN`: the service's own topic
/// @param lease `OUTBOX_LEASE_SECONDS`: for how long an event that a relay claimed is nobody
///   else's; what a relay that died had claimed waits as long, 1 to 600, default 30
/// @param queueUrl `QUEUE_URL`: the service's own inbox
/// @param pollers `QUEUE_POLLERS`: platform threads that poll, 1 to 8, default 1
/// @param pollWait `QUEUE_WAIT_SECONDS`: how long a poll waits for a message, 0 to 20, default 20
/// @param visibility `QUEUE_VISIBILITY_SECONDS`: how long a received message is hidden from others;
///   renewed every third of it, 3 to 600, default 60
/// @param firstRetry `QUEUE_RETRY_SECONDS`: how long a message rests after its first failure; each
///   further one doubles it, up to 15 minutes, less up to half at random; 0 to 60, default 5, and
///   with 0 it comes again at once each time
/// @param concurrency `QUEUE_CONCURRENCY`: messages handled at once, 1 to 100, default 10
public record EventConfig(
    String topicArn,
    Duration lease,
    String queueUrl,
    int pollers,
    Duration pollWait,
    Duration visibility,
    Duration firstRetry,
    int concurrency) {
  public static EventConfig from(Settings settings) {
    return new EventConfig(
        settings.text("TOPIC_ARN"),
        settings.seconds("OUTBOX_LEASE_SECONDS", 30, 1, 600),
        settings.text("QUEUE_URL"),
        settings.integer("QUEUE_POLLERS", 1, 1, 8),
        settings.seconds("QUEUE_WAIT_SECONDS", 20, 0, 20),
        settings.seconds("QUEUE_VISIBILITY_SECONDS", 60, 3, 600),
        settings.seconds("QUEUE_RETRY_SECONDS", 5, 0, 60),
        settings.integer("QUEUE_CONCURRENCY", 10, 1, 100));
  }

  /// The queue's name, the last part of its URL.
  public String queueName() {
    return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
  }
}
