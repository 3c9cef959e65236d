package com.telconova.shared.event;

import com.telconova.shared.config.Settings;
import java.time.Duration;

/// Where events go and come from.
///
/// @param topicArn `TOPIC_ARN`: the service's own topic
/// @param queueUrl `QUEUE_URL`: the service's own inbox
/// @param pollers `QUEUE_POLLERS`: platform threads that poll, 1 to 8, default 1
/// @param pollWait `QUEUE_WAIT_SECONDS`: how long a poll waits for a message, 0 to 20, default 20
/// @param visibility `QUEUE_VISIBILITY_SECONDS`: how long a received message is hidden from others;
///   renewed every third of it, 3 to 600, default 60
/// @param concurrency `QUEUE_CONCURRENCY`: messages handled at once, 1 to 100, default 10
public record EventConfig(
    String topicArn,
    String queueUrl,
    int pollers,
    Duration pollWait,
    Duration visibility,
    int concurrency) {
  public static EventConfig from(Settings settings) {
    return new EventConfig(
        settings.text("TOPIC_ARN"),
        settings.text("QUEUE_URL"),
        settings.integer("QUEUE_POLLERS", 1, 1, 8),
        settings.seconds("QUEUE_WAIT_SECONDS", 20, 0, 20),
        settings.seconds("QUEUE_VISIBILITY_SECONDS", 60, 3, 600),
        settings.integer("QUEUE_CONCURRENCY", 10, 1, 100));
  }

  /// The queue's name, the last part of its URL.
  public String queueName() {
    return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
  }
}
