package com.telconova.shared.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.Secret;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

final class AwsClientsIT {
  private static final Duration LIMIT = Duration.ofMillis(400);

  @Test
  void a_call_that_is_never_answered_ends_within_its_limit() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AwsClients aws =
            new AwsClients(config(URI.create("http://127.0.0.1:" + silent.getLocalPort())), LIMIT);
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs()) {
      long start = System.nanoTime();

      assertThatThrownBy(sns::listTopics).isInstanceOf(SdkClientException.class);
      assertThatThrownBy(sqs::listQueues).isInstanceOf(SdkClientException.class);

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(LIMIT.multipliedBy(2), LIMIT.multipliedBy(2).plusSeconds(2));
    }
  }

  @Test
  void a_long_poll_may_take_longer_than_other_calls() {
    Bench bench = Bench.get();
    Topology topology = Topology.unique("aws");
    bench.emulator().create(topology);
    String queue = topology.queueUrl(bench.endpoint(), "auth").toString();
    try (AwsClients aws = new AwsClients(config(bench.endpoint()), LIMIT);
        SqsClient sqs = aws.sqs()) {
      var polled =
          sqs.receiveMessage(r ->
              r.queueUrl(queue)
                  .waitTimeSeconds(1)
                  .overrideConfiguration(o -> o.apiCallTimeout(Duration.ofSeconds(5))));

      assertThat(polled.messages()).isEmpty();
    }
  }

  @Test
  void all_clients_together_bring_no_timer_threads_of_their_own() {
    Bench bench = Bench.get();
    Set<String> before = threads();
    try (AwsClients aws = new AwsClients(config(bench.endpoint()));
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs()) {
      sns.listTopics();
      sqs.listQueues();

      Set<String> added = threads();
      added.removeAll(before);
      System.out.println("platform threads of the AWS clients: " + added);
      assertThat(added).noneMatch(name -> name.startsWith("sdk-"));
    }
  }

  private static AwsConfig config(URI endpoint) {
    return new AwsConfig(
        "us-east-1",
        Optional.of(endpoint),
        Optional.of(new AwsConfig.Credentials("test", new Secret("test"))));
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }
}
