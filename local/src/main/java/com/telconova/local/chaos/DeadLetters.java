package com.telconova.local.chaos;

import com.telconova.local.dlq.DeadLetterQueue;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.testing.Topology;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The queues, asked directly.
final class DeadLetters implements AutoCloseable {
  private final URI endpoint;
  private final Topology topology;
  private final AwsClients aws;
  private final SqsClient sqs;

  DeadLetters(URI endpoint, Topology topology) {
    this.endpoint = endpoint;
    this.topology = topology;
    // The emulator takes any.
    var credentials = new AwsConfig.Credentials("test", new Secret("test"));
    this.aws =
        new AwsClients(new AwsConfig("us-east-1", Optional.of(endpoint), Optional.of(credentials)));
    this.sqs = aws.sqs();
  }

  DeadLetterQueue of(String service) {
    return new DeadLetterQueue(
        sqs, topology.deadLetterQueueUrl(endpoint, service), topology.queueUrl(endpoint, service));
  }

  /// How many messages a service has in its queue, those included that it holds.
  int waiting(String service) {
    var inbox = topology.queueUrl(endpoint, service);
    return new DeadLetterQueue(sqs, inbox, inbox).count();
  }

  @Override
  public void close() {
    sqs.close();
    aws.close();
  }
}
