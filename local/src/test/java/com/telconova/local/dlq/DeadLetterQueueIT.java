package com.telconova.local.dlq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Emulator;
import com.telconova.shared.testing.Lifeline;
import com.telconova.shared.testing.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

@Timeout(60)
final class DeadLetterQueueIT {

  private static final String EVENT =
      """
      {"id": "0199c0de-0000-7000-8000-000000000001", "type": "order.created",
       "subject": "0199c0de-0000-7000-8000-000000000002"}\
      """;

  private static Path folder;
  private static Lifeline lifeline;
  private static Emulator emulator;
  private static AwsClients aws;
  private static SqsClient sqs;

  private DeadLetterQueue letters;

  @BeforeAll
  static void start() {
    var checkout = Checkout.find();
    folder = checkout.scratch("dlq");
    lifeline = Lifeline.open();
    emulator = Emulator.start(checkout, folder.resolve("emulator.log"), lifeline);
    var credentials = new AwsConfig.Credentials("test", new Secret("test"));
    var endpoint = Optional.of(emulator.endpoint());
    aws = new AwsClients(new AwsConfig("us-east-1", endpoint, Optional.of(credentials)));
    sqs = aws.sqs();
  }

  @AfterAll
  static void stop() {
    sqs.close();
    aws.close();
    emulator.close();
    lifeline.close();
    Checkout.delete(folder);
  }

  @BeforeEach
  void prepare() {
    letters = queue(sqs, Topology.unique("dlq"));
  }

  @Test
  void a_dead_event_is_listed_by_what_it_is_and_stays_where_it_is() {
    send(EVENT);

    var listed = letters.list(100);

    assertThat(listed).hasSize(1);
    var letter = listed.getFirst();
    assertThat(letter.type()).isEqualTo("order.created");
    assertThat(letter.id()).isEqualTo("0199c0de-0000-7000-8000-000000000001");
    assertThat(letter.receives()).isZero();
    assertThat(letter.sent()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(letter.firstLine()).startsWith("{\"id\":").doesNotContain("subject");
    assertThat(letters.list(100)).hasSize(1);
    assertThat(letters.count()).isEqualTo(1);
  }

  @Test
  void what_is_no_event_is_listed_too() {
    send("once upon a time\nthere was");

    assertThat(letters.list(100))
        .extracting(DeadLetter::type, DeadLetter::firstLine)
        .containsExactly(tuple("(unreadable)", "once upon a time"));
  }

  @Test
  void a_list_has_a_limit_and_an_end() {
    IntStream.range(0, 25).forEach(i -> send("letter " + i));

    assertThat(letters.list(12)).hasSize(12);
    assertThat(letters.list(100)).hasSize(25);
  }

  @Test
  void all_are_moved_to_the_inbox_as_they_are() {
    var attributes =
        Map.of(
            "type", text("order.created"),
            "traceparent", text("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01"));
    IntStream.range(0, 25).forEach(i -> send(EVENT + " ".repeat(i), attributes));
    var moved = new AtomicInteger();

    letters.redrive(moved::incrementAndGet);

    assertThat(moved).hasValue(25);
    assertThat(letters.count()).isZero();
    var arrived = inbox();
    assertThat(arrived).hasSize(25).allMatch(m -> m.messageAttributes().equals(attributes));
    assertThat(arrived).extracting(Message::body).doesNotHaveDuplicates().contains(EVENT);
  }

  @Test
  void who_is_killed_between_sending_and_deleting_doubles_a_letter_and_loses_none() {
    IntStream.range(0, 3).forEach(i -> send("letter " + i));
    var dying =
        new Failing() {
          @Override
          public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
            throw new IllegalStateException("killed");
          }
        };

    assertThatThrownBy(
            () -> new DeadLetterQueue(dying, letters.queue(), letters.inbox()).redrive(() -> {}))
        .hasMessage("killed");

    assertThat(letters.count()).isEqualTo(3);
    assertThat(inbox()).hasSize(1);
  }

  @Test
  void a_letter_that_cannot_be_sent_stays_dead() {
    send(EVENT);
    var refused =
        new Failing() {
          @Override
          public SendMessageResponse sendMessage(SendMessageRequest request) {
            throw new IllegalStateException("refused");
          }
        };

    assertThatThrownBy(
            () -> new DeadLetterQueue(refused, letters.queue(), letters.inbox()).redrive(() -> {}))
        .hasMessage("refused");

    assertThat(letters.count()).isEqualTo(1);
    assertThat(inbox()).isEmpty();
  }

  @Test
  void one_that_dies_again_at_once_is_not_moved_again() {
    send(EVENT);
    var moved = new AtomicInteger();

    new DeadLetterQueue(sqs, letters.queue(), letters.queue()).redrive(moved::incrementAndGet);

    assertThat(moved).hasValue(1);
    assertThat(letters.count()).isEqualTo(1);
  }

  private static DeadLetterQueue queue(SqsClient sqs, Topology topology) {
    emulator.create(topology);
    return new DeadLetterQueue(
        sqs,
        topology.deadLetterQueueUrl(emulator.endpoint(), "workorder"),
        topology.queueUrl(emulator.endpoint(), "workorder"));
  }

  private void send(String body) {
    send(body, Map.of());
  }

  private void send(String body, Map<String, MessageAttributeValue> attributes) {
    sqs.sendMessage(r ->
        r.queueUrl(letters.queue().toString()).messageBody(body).messageAttributes(attributes));
  }

  private List<Message> inbox() {
    var all = new ArrayList<Message>();
    while (true) {
      var batch =
          sqs.receiveMessage(r ->
                  r.queueUrl(letters.inbox().toString())
                      .maxNumberOfMessages(10)
                      .visibilityTimeout((int) Duration.ofMinutes(5).toSeconds())
                      .messageAttributeNames("All"))
              .messages();
      if (batch.isEmpty()) {
        return all;
      }
      all.addAll(batch);
    }
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  /// The real client but for what a test has fail.
  private abstract static class Failing implements SqsClient {
    @Override
    public String serviceName() {
      return sqs.serviceName();
    }

    @Override
    public void close() {}

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
      return sqs.getQueueAttributes(request);
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      return sqs.receiveMessage(request);
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      return sqs.sendMessage(request);
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
      return sqs.deleteMessage(request);
    }
  }
}
