package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Link;
import com.telconova.shared.testing.Collector.Received;
import com.telconova.shared.testing.Topology;
import com.telconova.shared.testing.Tracings;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Trace;
import com.telconova.shared.trace.Tracing;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// What a collector receives of events on their way through a real topic and a real queue.
final class TracedPathIT {
  private static final String CREATED = "order.created";
  private static final String FAILS = "order.status_changed";
  private static final String CANARY = "canary7bird";
  private static final String UNRECORDED = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-00";

  private final Bench bench = Bench.get();
  private final Topology topology = Topology.unique("traced");
  private final EventConfig config = EventPathIT.config(topology);
  private final Collector collector = Collector.start();
  private Tables tables;
  private AwsClients aws;
  private SnsClient sns;
  private SqsClient sqs;
  private Tracing tracing;
  private Relay relay;

  @BeforeEach
  void open() {
    bench.emulator().create(topology);
    tables = new Tables();
    aws =
        new AwsClients(
            new AwsConfig(
                "us-east-1",
                Optional.of(bench.endpoint()),
                Optional.of(new AwsConfig.Credentials("test", new Secret("test")))));
    sns = aws.sns();
    sqs = aws.sqs();
    // By chance it would record nothing: all that comes is what others are recorded for.
    tracing = Tracings.to(collector, Map.of("OTEL_TRACES_SAMPLER_ARG", "0"));
    relay =
        new Relay(
            "urn:microflow:workorder",
            config.lease(),
            tables.database,
            new SnsPublisher(sns, config.topicArn(), tracing),
            tables.registry);
  }

  @AfterEach
  void close() {
    tracing.close();
    sqs.close();
    sns.close();
    aws.close();
    tables.close();
    collector.close();
  }

  @Test
  void an_event_goes_on_in_the_trace_of_its_cause_from_the_transaction_to_its_effect() {
    Span cause = append("POST /orders", CREATED);
    relay.pass();
    consume(1, Duration.ZERO);

    Received root = named(cause, "POST /orders");
    Received transaction = child(root, "transaction");
    Received message = child(transaction, "create " + topic());
    Received call = child(message, "send " + topic());
    Received handling = child(message, "process " + config.queueName());
    Received effect = child(handling, "transaction");
    assertThat(Stream.of(root, transaction, message, call, handling, effect).map(Received::kind))
        .containsExactly("SERVER", "CLIENT", "PRODUCER", "CLIENT", "CONSUMER", "CLIENT");
    assertThat(collector.trace(root.traceId())).hasSize(6).noneMatch(Received::isError);
    assertThat(transaction.attributes())
        .containsEntry("db.system.name", "postgresql")
        .containsEntry("microflow.db.lane", "requests")
        .containsKeys("microflow.db.gate.wait_us", "microflow.db.connection.wait_us");
    assertThat(message.attributes())
        .containsEntry("messaging.system", "aws.sns")
        .containsEntry("messaging.destination.name", topic())
        .containsEntry("messaging.operation.name", "create")
        .containsEntry("cloudevents.event_type", "order.created");
    assertThat(call.attributes())
        .containsEntry("messaging.operation.type", "send")
        .containsEntry("aws.sns.topic.arn", config.topicArn())
        .containsEntry("messaging.batch.message_count", "1");
    assertThat(handling.attributes())
        .containsEntry("messaging.system", "aws_sqs")
        .containsEntry("messaging.operation.type", "process")
        .containsEntry("messaging.destination.name", config.queueName())
        .containsEntry("cloudevents.event_id", message.attribute("cloudevents.event_id"))
        .containsEntry("microflow.receive_count", "1");
    assertThat(effect.attributes()).containsEntry("microflow.db.lane", "background");
    Received receipt = only("receive " + config.queueName());
    assertThat(receipt.kind()).isEqualTo("CLIENT");
    assertThat(receipt.traceId()).isNotEqualTo(root.traceId());
    assertThat(receipt.links()).containsExactly(link(message));
    assertThat(handling.links()).containsExactly(link(receipt));
    assertThat(receipt.start()).isBefore(receipt.end());
    assertThat(collector.calls())
        .allSatisfy(each ->
            assertThat(new String(each.body(), StandardCharsets.UTF_8)).doesNotContain(CANARY));
  }

  @Test
  void one_call_for_many_events_has_a_link_to_each_that_is_recorded() {
    List<Span> causes =
        Stream.of("one", "two", "three").map(name -> append(name, CREATED)).toList();
    try (Span.Scope _ = tracing.begin(Span.Kind.SERVER, "none", UNRECORDED).enter()) {
      append(CREATED);
    }
    relay.pass();
    consume(4, Duration.ZERO);

    Received call = only("send " + topic());
    assertThat(call.isRoot()).isTrue();
    assertThat(call.attribute("messaging.batch.message_count")).isEqualTo("4");
    assertThat(call.links())
        .containsExactlyInAnyOrderElementsOf(
            causes.stream().map(cause -> link(named(cause, "create " + topic()))).toList());
    for (Span cause : causes) {
      Received message = named(cause, "create " + topic());
      assertThat(child(message, "process " + config.queueName()).links()).hasSize(1);
    }
    assertThat(collector.trace("a".repeat(32))).isEmpty();
  }

  @Test
  void a_handling_that_fails_is_an_error_of_its_class_and_the_next_try_a_span_of_its_own() {
    Span cause = append("cause", FAILS);
    relay.pass();
    consume(2, Duration.ofSeconds(1));

    List<Received> tries =
        collector.trace(cause.trace().traceId()).stream()
            .filter(span -> span.name().startsWith("process "))
            .toList();
    assertThat(tries).hasSize(2);
    assertThat(tries.getFirst().isError()).isTrue();
    assertThat(tries.getFirst().attribute("error.type"))
        .isEqualTo(IllegalStateException.class.getName());
    assertThat(tries.getFirst().statusMessage()).isEmpty();
    assertThat(tries.getLast().isError()).isFalse();
    assertThat(tries.getLast().attribute("microflow.receive_count")).isEqualTo("2");
    assertThat(collector.calls())
        .allSatisfy(call ->
            assertThat(new String(call.body(), StandardCharsets.UTF_8)).doesNotContain(CANARY));
  }

  @Test
  void an_event_that_nobody_takes_is_an_error_of_its_try_and_not_of_its_cause() {
    bench.emulator();
    Relay astray =
        new Relay(
            "urn:microflow:workorder",
            config.lease(),
            tables.database,
            new SnsPublisher(sns, config.topicArn() + "x", tracing),
            new CollectorRegistry());
    Span cause = append("cause", CREATED);

    astray.pass();

    Received message =
        await().until(() -> find(cause, "create " + topic() + "x"), Optional::isPresent).get();
    assertThat(message.isError()).isTrue();
    assertThat(message.attribute("error.type")).isEqualTo("unreachable");
    assertThat(child(message, "send " + topic() + "x").isError()).isTrue();
    assertThat(named(cause, "cause").isError()).isFalse();
  }

  @Test
  void what_a_use_case_refuses_is_no_error_of_the_database_and_what_the_database_refuses_is() {
    Span cause = tracing.begin(Span.Kind.SERVER, "cause", recorded());
    try (Span.Scope _ = cause.enter()) {
      quietly(() ->
          tables.database.useTransaction(_ -> {
            throw new Failure.NotFound("there is no " + CANARY);
          }));
      quietly(() ->
          tables.database.useTransaction(handle -> handle.execute("select 1 / 0 as " + CANARY)));
    }
    cause.end();

    await().until(() -> collector.trace(cause.trace().traceId()).size() == 3);
    assertThat(collector.trace(cause.trace().traceId()))
        .filteredOn(span -> span.name().equals("transaction"))
        .satisfiesExactly(
            refused -> {
              assertThat(refused.isError()).isFalse();
              assertThat(refused.attribute("microflow.db.outcome")).isEqualTo("rolled back");
            },
            failed -> {
              assertThat(failed.isError()).isTrue();
              assertThat(failed.attribute("error.type")).isEqualTo("22012");
              assertThat(failed.attribute("db.response.status_code")).isEqualTo("22012");
            });
    assertThat(new String(collector.calls().getLast().body(), StandardCharsets.UTF_8))
        .doesNotContain(CANARY);
  }

  private static String recorded() {
    return "00-" + Trace.begin().traceId() + "-" + "c".repeat(16) + "-01";
  }

  private static void quietly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      assertThat(e).isNotNull();
    }
  }

  private Span append(String name, String type) {
    Span span = tracing.begin(Span.Kind.SERVER, name, recorded());
    try (Span.Scope _ = span.enter()) {
      append(type);
    }
    span.end();
    return span;
  }

  private void append(String type) {
    tables.database.useTransaction(handle ->
        new Outbox(relay::wake)
            .append(
                handle,
                UUID.randomUUID(),
                Instant.now(),
                NewEvent.of(type, Map.of("who", CANARY))));
  }

  /// Handles so many messages, those of the type [#FAILS] in vain the first time.
  private void consume(int count, Duration firstRetry) {
    var failed = new AtomicBoolean();
    var inbox =
        new Inbox(
            tables.database,
            Map.of(
                CREATED, (_, _) -> {},
                FAILS,
                    (_, _) -> {
                      if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("about " + CANARY);
                      }
                    }),
            tables.registry);
    var pace =
        new SqsConsumer.Pace(
            Duration.ofSeconds(90), firstRetry, Duration.ofMinutes(15), Duration.ofSeconds(1));
    var consumer = new SqsConsumer(config, pace, sqs, inbox::handle, tracing, tables.registry);
    consumer.start();
    // What is received and not begun is given back, and has no span.
    await().until(() -> settled() >= count);
    consumer.drain(Duration.ofSeconds(10));
    tracing.close();
  }

  private double settled() {
    return Collections.list(tables.registry.metricFamilySamples()).stream()
        .flatMap(family -> family.samples.stream())
        .filter(sample -> sample.name.equals("sqs_handled_total"))
        .mapToDouble(sample -> sample.value)
        .sum();
  }

  private String topic() {
    return topology.topicArn("workorder").replaceFirst(".*:", "");
  }

  private Received named(Span cause, String name) {
    return find(cause, name)
        .orElseThrow(() -> new AssertionError(name + " in " + collector.spans()));
  }

  private Optional<Received> find(Span cause, String name) {
    return collector.trace(cause.trace().traceId()).stream()
        .filter(span -> span.name().equals(name))
        .findFirst();
  }

  private Received only(String name) {
    List<Received> named =
        collector.spans().stream().filter(span -> span.name().equals(name)).toList();
    assertThat(named).as(name).hasSize(1);
    return named.getFirst();
  }

  private Received child(Received parent, String name) {
    List<Received> children =
        collector.trace(parent.traceId()).stream()
            .filter(span -> span.parentId().equals(parent.spanId()) && span.name().equals(name))
            .toList();
    assertThat(children).as(name + " below " + parent.name()).hasSize(1);
    assertThat(children.getFirst().start()).isAfterOrEqualTo(parent.start());
    return children.getFirst();
  }

  private static Link link(Received span) {
    return new Link(span.traceId(), span.spanId());
  }
}
