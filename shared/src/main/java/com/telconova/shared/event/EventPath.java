package com.telconova.shared.event;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.lifecycle.CannotStart;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The clients of the topic to publish to and of the queue to poll, without which no service
/// starts.
public final class EventPath implements AutoCloseable {
  private final AwsClients aws;
  private final SnsClient sns;
  private final SqsClient sqs;

  private EventPath(AwsClients aws) {
    this.aws = aws;
    this.sns = aws.sns();
    this.sqs = aws.sqs();
  }

  /// Makes the clients and asks both.
  ///
  /// @throws CannotStart when either does not exist, may not be used, or does not answer
  public static EventPath open(AwsConfig aws, EventConfig events) {
    EventPath path = new EventPath(new AwsClients(aws));
    try {
      require(events, path.sns, path.sqs);
      return path;
    } catch (RuntimeException e) {
      path.close();
      throw e;
    }
  }

  /// What other clients of this process are made by.
  public AwsClients aws() {
    return aws;
  }

  public SnsClient sns() {
    return sns;
  }

  public SqsClient sqs() {
    return sqs;
  }

  @Override
  public void close() {
    sqs.close();
    sns.close();
    aws.close();
  }

  /// @throws CannotStart when either does not exist, may not be used, or does not answer
  static void require(EventConfig config, SnsClient sns, SqsClient sqs) {
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
