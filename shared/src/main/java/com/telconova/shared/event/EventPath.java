package com.telconova.shared.event;

import com.telconova.shared.lifecycle.CannotStart;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Refuses to start without a topic to publish to and a queue to poll.
public final class EventPath {
  private EventPath() {}

  /// @throws CannotStart when either does not exist, may not be used, or does not answer
  public static void require(EventConfig config, SnsClient sns, SqsClient sqs) {
    try {
      sns.getTopicAttributes(r -> r.topicArn(config.topicArn()));
    } catch (SdkException e) {
      throw unusable("topic " + config.topicArn(), "TOPIC_ARN", e);
    }
    try {
      sqs.getQueueAttributes(
          r -> r.queueUrl(config.queueUrl()).attributeNames(QueueAttributeName.QUEUE_ARN));
    } catch (SdkException e) {
      throw unusable("queue " + config.queueUrl(), "QUEUE_URL", e);
    }
  }

  private static CannotStart unusable(String what, String setting, SdkException cause) {
    return new CannotStart(
        "The %s cannot be used: %s. Check %s, AWS_REGION, AWS_ENDPOINT_URL and the credentials."
            .formatted(what, CannotStart.reason(cause), setting),
        cause);
  }
}
