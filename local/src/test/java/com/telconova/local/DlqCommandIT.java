package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Emulator;
import com.telconova.shared.testing.Lifeline;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// `dlq` as a process of its own, beside queues and a log that only look like a running system.
@Timeout(180)
final class DlqCommandIT {

  private static final String ID = "0199c0de-0000-7000-8000-00000000c0de";

  private ScratchCheckout checkout;
  private Path folder;
  private Lifeline lifeline;
  private Emulator emulator;
  private AwsClients aws;
  private SqsClient sqs;
  private String auth;
  private Path log;

  private record Outcome(int code, String output) {}

  @BeforeEach
  void start() throws Exception {
    checkout = ScratchCheckout.withStandIns();
    folder = Checkout.find().scratch("dlq-command");
    lifeline = Lifeline.open();
    emulator = Emulator.start(Checkout.find(), folder.resolve("emulator.log"), lifeline);
    emulator.create(Topology.standard());
    auth = Topology.standard().deadLetterQueueUrl(emulator.endpoint(), "auth").toString();
    var credentials = new AwsConfig.Credentials("test", new Secret("test"));
    aws =
        new AwsClients(
            new AwsConfig("us-east-1", Optional.of(emulator.endpoint()), Optional.of(credentials)));
    sqs = aws.sqs();
    log = folder.resolve("auth.log");
    Files.writeString(log, "");
    var instances = Map.of("instances", new Object[] {Map.of("log", log.toString())});
    Files.writeString(
        checkout.root().resolve(".microflow/run.json"),
        Mappers.TOLERANT.writeValueAsString(
            Map.of("aws", emulator.endpoint().toString(), "processes", Map.of("auth", instances))));
  }

  @AfterEach
  void stop() throws Exception {
    Files.delete(checkout.root().resolve(".microflow/run.json"));
    sqs.close();
    aws.close();
    emulator.close();
    lifeline.close();
    checkout.close();
    Checkout.delete(folder);
  }

  @Test
  void a_dead_letter_is_shown_whole_with_why_it_failed_and_moved_by_its_id() throws Exception {
    sendMany(12);
    sqs.sendMessage(r ->
        r.queueUrl(auth)
            .messageBody("{\"id\":\"" + ID + "\",\"type\":\"x.happened\",\"data\":{\"n\":7}}")
            .messageAttributes(
                Map.of(
                    "type",
                    MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue("x.happened")
                        .build())));
    fail(1_790_000_000_000L, "no such order");
    fail(1_790_000_009_000L, "still no such order");

    var list = dlq("list", "auth");
    var shown = dlq("show", "auth", ID);
    var moved = dlq("redrive", "auth", ID);
    var again = dlq("redrive", "auth", ID);
    var some = dlq("show", "auth");

    assertThat(list.output()).contains("auth: 13 dead", ID).doesNotContain("workorder");
    assertThat(shown.code()).as(shown.output()).isZero();
    assertThat(shown.output())
        .contains(
            "x.happened " + ID,
            "looks by dlq included",
            "type         x.happened",
            "\"n\" : 7",
            "2 times since 2026-09-21T",
            "WARN Handling x.happened " + ID + " failed at receive 2",
            "IllegalStateException still no such order: SQLException the cause");
    assertThat(moved.code()).as(moved.output()).isZero();
    assertThat(moved.output()).contains(ID + " moved back to auth's inbox");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output().lines().toList().getLast())
        .startsWith("microflow: none of auth's dead letters is " + ID);
    assertThat(some.output()).contains("auth: 12 dead", "The first 10 of them");
    assertThat(hidden()).isZero();
  }

  @Test
  void an_id_that_nobody_has_and_a_service_that_is_none_are_one_line_each() throws Exception {
    var unknown = dlq("show", "auth", ID);
    var wrong = dlq("show", "nobody");
    var nothing = dlq("show");

    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.output().lines().toList().getLast())
        .startsWith("microflow: none of auth's dead letters is " + ID);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.output()).hasLineCount(1).contains("there is no service 'nobody'");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.output()).hasLineCount(1);
  }

  @Test
  void ctrl_c_in_the_midst_of_a_search_leaves_nothing_hidden() throws Exception {
    sendMany(Rounds.of(3_000, 10_000));

    try (var command =
        new Command(checkout.root(), "dlq", "show", "auth", UUID.randomUUID() + "")) {
      await().pollInterval(Duration.ofMillis(5)).until(() -> hidden() > 100);
      command.signal("TERM"); // what Ctrl-C does, also where tests run with SIGINT ignored

      assertThat(command.awaitEnd()).isEqualTo(143);
      assertThat(command.output()).contains("stopped").doesNotContain("microflow:", "Exception");
    }
    assertThat(hidden()).isZero();
  }

  private Outcome dlq(String... arguments) throws Exception {
    var all = new String[arguments.length + 1];
    all[0] = "dlq";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (var command = new Command(checkout.root(), all)) {
      return new Outcome(command.awaitEnd(), command.output());
    }
  }

  /// As a service's log has it.
  private void fail(long timestamp, String cause) throws Exception {
    int receive = Files.readAllLines(log).size() + 1;
    var line =
        """
        {"timestamp":%d,"level":"WARN","formattedMessage":"Handling x.happened %s failed at receive %d; \
        it will be tried again","mdc":{"eventId":"%s"},"throwable":{"className":\
        "java.lang.IllegalStateException","message":"%s","cause":{"className":\
        "java.sql.SQLException","message":"the cause"}}}
        """
            .formatted(timestamp, ID, receive, ID, cause);
    Files.writeString(log, Files.readString(log) + line);
  }

  private void sendMany(int count) {
    for (int from = 0; from < count; from += 10) {
      var batch =
          IntStream.range(from, Math.min(from + 10, count))
              .mapToObj(i ->
                  SendMessageBatchRequestEntry.builder()
                      .id(Integer.toString(i))
                      .messageBody("{\"id\": \"" + UUID.randomUUID() + "\", \"type\": \"x\"}")
                      .build())
              .toList();
      sqs.sendMessageBatch(r -> r.queueUrl(auth).entries(batch));
    }
  }

  private int hidden() {
    var name = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;
    return Integer.parseInt(
        sqs.getQueueAttributes(r -> r.queueUrl(auth).attributeNames(name)).attributes().get(name));
  }
}
