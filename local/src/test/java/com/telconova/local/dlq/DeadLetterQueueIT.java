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
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
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
    assertThat(letter.line()).startsWith("{ \"id\" :").contains("subject");
    assertThat(letters.list(100)).hasSize(1);
    assertThat(letters.count()).isEqualTo(1);
  }

  @Test
  void what_is_no_event_is_listed_too() {
    send("once upon a time\nthere was");

    assertThat(letters.list(100))
        .extracting(DeadLetter::type, DeadLetter::line)
        .containsExactly(tuple("(unreadable)", "once upon a time there was"));
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

  @Test
  void what_would_move_the_cursor_is_not_printed() {
    send("\u009b2Jhello", Map.of("note", text("a\rb")));
    send("{\"type\": \"\\u001b[2J\", \"id\": \"\\u0007\"}");

    assertThat(letters.list(2))
        .extracting(DeadLetter::type, DeadLetter::line)
        .containsExactlyInAnyOrder(
            tuple("(unreadable)", "\ufffd2Jhello"),
            tuple("\ufffd[2J", "{ \"type\" : \"\\u001B[2J\", \"id\" : \"\\u0007\" }"));
    assertThat(letters.list(2))
        .extracting(DeadLetter::attributes)
        .anySatisfy(attributes -> assertThat(attributes).containsEntry("note", "a\ufffdb"));
  }

  @Test
  void one_is_found_among_many_in_one_pass_and_all_are_there_again_at_once() {
    int count = Rounds.of(600, 10_000);
    sendMany(count);
    var looked = new AtomicInteger();

    long start = System.nanoTime();
    var none = letters.find(UUID.randomUUID().toString(), looked::set);
    long nanos = System.nanoTime() - start;
    var hidden = hidden();
    var found = letters.find(id(count - 1), _ -> {});

    System.out.printf(
        "dlq: one pass over %,d dead letters, all put back, in %.1f s%n", count, nanos / 1e9);
    assertThat(none).isEmpty();
    assertThat(looked).hasValue(count);
    assertThat(hidden).isZero();
    assertThat(found).get().extracting(DeadLetter::id).isEqualTo(id(count - 1));
    assertThat(hidden()).isZero();
  }

  @Test
  void one_is_moved_by_its_id_and_the_others_stay() {
    sendMany(30);

    assertThat(letters.redrive(id(17).toUpperCase(Locale.ROOT), _ -> {})).isTrue();

    assertThat(inbox()).extracting(Message::body).containsExactly(event(17));
    assertThat(hidden()).isZero();
    assertThat(letters.list(100)).hasSize(29).extracting(DeadLetter::id).doesNotContain(id(17));
    assertThat(letters.redrive(id(17), _ -> {})).isFalse();
    assertThat(letters.count()).isEqualTo(29);
    assertThat(inbox()).isEmpty();
  }

  @Test
  void what_is_no_event_is_moved_by_the_messages_id() {
    send("once upon a time");
    var id = letters.list(1).getFirst().messageId();

    assertThat(letters.redrive(id, _ -> {})).isTrue();

    assertThat(inbox()).extracting(Message::body).containsExactly("once upon a time");
  }

  /// More looks than an inbox gives a message receives.
  @Test
  void looks_count_towards_nothing() {
    send(EVENT);

    for (int i = 0; i < 8; i++) {
      assertThat(letters.list(1)).hasSize(1);
      assertThat(letters.find("none", _ -> {})).isEmpty();
    }
    letters.redrive(() -> {});

    assertThat(inbox())
        .extracting(m -> m.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
        .containsExactly("1");
  }

  @Test
  void a_search_that_is_interrupted_ends_and_has_put_all_back() {
    sendMany(50);
    var looked = new AtomicInteger();

    var found =
        letters.find(
            "none",
            seen -> {
              looked.set(seen);
              letters.interrupt();
              assertThat(hidden()).isZero();
            });

    assertThat(found).isEmpty();
    assertThat(looked).hasValueBetween(1, 10);
    assertThat(hidden()).isZero();
  }

  @Test
  void a_redrive_that_is_interrupted_has_moved_each_whole_or_not_at_all() {
    sendMany(25);
    var moved = new AtomicInteger();

    letters.redrive(() -> {
      if (moved.incrementAndGet() == 12) {
        letters.interrupt();
      }
    });

    assertThat(moved).hasValue(12);
    assertThat(inbox()).hasSize(12);
    assertThat(hidden()).isZero();
    assertThat(letters.count()).isEqualTo(13);
  }

  @Test
  void who_is_killed_while_moving_one_doubles_it_under_the_same_id_and_loses_none() {
    sendMany(12);
    var dying =
        new Failing() {
          @Override
          public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
            throw new IllegalStateException("killed");
          }
        };
    var killed = new DeadLetterQueue(dying, letters.queue(), letters.inbox());

    assertThatThrownBy(() -> killed.redrive(id(7), _ -> {})).hasMessage("killed");
    assertThat(letters.redrive(id(7), _ -> {})).isTrue();

    assertThat(letters.count()).isEqualTo(11);
    assertThat(inbox()).extracting(Message::body).containsExactly(event(7), event(7));
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

  private void sendMany(int count) {
    for (int from = 0; from < count; from += 10) {
      var batch =
          IntStream.range(from, Math.min(from + 10, count))
              .mapToObj(i ->
                  SendMessageBatchRequestEntry.builder()
                      .id(Integer.toString(i))
                      .messageBody(event(i))
                      .build())
              .toList();
      assertThat(
              sqs.sendMessageBatch(r -> r.queueUrl(letters.queue().toString()).entries(batch))
                  .failed())
          .isEmpty();
    }
  }

  private static String event(int i) {
    return "{\"id\": \"" + id(i) + "\", \"type\": \"order.created\"}";
  }

  private static String id(int i) {
    return "0199c0de-0000-7000-8000-%012x".formatted(i);
  }

  /// How many dead letters nobody else can receive at the moment.
  private int hidden() {
    return Integer.parseInt(
        sqs.getQueueAttributes(r ->
                r.queueUrl(letters.queue().toString())
                    .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  private List<Message> inbox() {
    var all = new ArrayList<Message>();
    while (true) {
      var batch =
          sqs.receiveMessage(r ->
                  r.queueUrl(letters.inbox().toString())
                      .maxNumberOfMessages(10)
                      .visibilityTimeout((int) Duration.ofMinutes(5).toSeconds())
                      .messageAttributeNames("All")
                      .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
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
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      return sqs.changeMessageVisibilityBatch(request);
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
