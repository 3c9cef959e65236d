package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.AccessControl;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.http.HttpServer;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Topology;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import com.telconova.shared.trace.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Outbox, relay, SNS, SQS, consumer and inbox together, with nothing replaced.
final class EventPathIT {
  private static final List<String> TYPES =
      List.of("order.created", "order.assigned", "order.completed");

  private final Bench bench = Bench.get();

  @Test
  void every_committed_event_has_its_effect_once_and_its_trace_with_it() {
    Topology topology = Topology.unique("path");
    bench.emulator().create(topology);
    Map<UUID, String> effects = new ConcurrentHashMap<>();
    try (Tables tables = new Tables();
        AwsClients aws = new AwsClients(aws(bench.endpoint()));
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs()) {
      EventConfig config = config(topology);
      EventPath.require(config, sns, sqs);
      Inbox inbox =
          new Inbox(
              tables.database,
              TYPES.stream()
                  .collect(
                      Collectors.toMap(
                          type -> type,
                          _ ->
                              (_, event) ->
                                  effects.merge(
                                      event.id(),
                                      Trace.current().orElseThrow().traceId(),
                                      (_, _) -> "twice"))),
              tables.registry);
      Relay relay =
          new Relay(
              "urn:microflow:workorder",
              config.lease(),
              tables.database,
              new SnsPublisher(sns, config.topicArn()),
              tables.registry);
      Outbox outbox = new Outbox(relay::wake);
      SqsConsumer consumer = new SqsConsumer(config, sqs, inbox::handle, tables.registry);
      relay.start();
      consumer.start();

      Map<UUID, String> traces = new ConcurrentHashMap<>();
      for (int i = 0; i < 100; i++) {
        Trace trace = Trace.begin();
        try (Trace.Scope _ = trace.enter()) {
          List<NewEvent> events =
              TYPES.stream().map(type -> NewEvent.of(type, Map.of("ñ", "🚧"))).toList();
          tables.database.useTransaction(
              handle -> outbox.append(handle, UUID.randomUUID(), Instant.now(), events));
          events.forEach(event -> traces.put(event.id(), trace.traceId()));
        }
      }

      await().untilAsserted(() -> assertThat(effects).hasSize(300));
      consumer.drain(Duration.ofSeconds(5));
      relay.close();
      assertThat(effects).isEqualTo(traces);
      assertThat(tables.unsent()).isEmpty();
    }
    assertThat(threads()).noneMatch(name -> name.contains("outbox-relay"));
  }

  @Test
  void the_trace_of_a_request_is_the_trace_of_its_event() throws Exception {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    try (Tables tables = new Tables();
        HttpServer server = serverThatAppends(tables);
        HttpClient client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/things"))
              .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
              .build();
      client.send(request, HttpResponse.BodyHandlers.discarding());

      assertThat((String) tables.outbox().getFirst().get("traceparent"))
          .startsWith("00-" + trace + "-")
          .endsWith("-01");
    }
  }

  private static HttpServer serverThatAppends(Tables tables) {
    Outbox outbox = new Outbox(() -> {});
    TokenVerifier nobody =
        new TokenVerifier(Clock.systemUTC(), "nobody", _ -> Optional.empty(), _ -> false);
    return HttpServer.start(
        new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO),
        new AccessControl(nobody),
        () -> Optional.of(Runnable::run),
        tables.registry,
        List.of(routes ->
            routes.get(
                "/things", _ -> tables.append(outbox, UUID.randomUUID(), Map.of()), Role.ANYONE)));
  }

  @Test
  void a_topic_or_queue_that_is_not_there_is_said_in_one_line() {
    Topology topology = Topology.unique("path");
    bench.emulator().create(topology);
    EventConfig good = config(topology);
    try (AwsClients aws = new AwsClients(aws(bench.endpoint()));
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs()) {
      assertThatThrownBy(
              () -> EventPath.require(with(good, good.topicArn() + "x", good.queueUrl()), sns, sqs))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("TOPIC_ARN")
          .hasMessageNotContaining("\n");
      assertThatThrownBy(
              () -> EventPath.require(with(good, good.topicArn(), good.queueUrl() + "x"), sns, sqs))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("QUEUE_URL")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void an_address_where_nobody_listens_is_said_soon() throws IOException {
    URI nobody = nobody();
    long start = System.nanoTime();
    try (AwsClients aws = new AwsClients(aws(nobody));
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs()) {
      assertThatThrownBy(() -> EventPath.require(config(Topology.standard()), sns, sqs))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("AWS_ENDPOINT_URL");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void a_topic_that_is_gone_and_an_address_that_is_silent_are_outages() throws IOException {
    Topology topology = Topology.unique("path");
    bench.emulator().create(topology);
    Event event = TestQueue.event(UUID.randomUUID(), 1);
    try (AwsClients aws = new AwsClients(aws(bench.endpoint()));
        AwsClients nowhere = new AwsClients(aws(nobody()));
        SnsClient sns = aws.sns();
        SnsClient silent = nowhere.sns()) {
      String topic = topology.topicArn("workorder");

      assertThat(new SnsPublisher(sns, topic).publish(List.of(event)).unreachable()).isFalse();
      assertThat(new SnsPublisher(sns, topic + "x").publish(List.of(event)).unreachable()).isTrue();
      assertThat(new SnsPublisher(silent, topic).publish(List.of(event)).unreachable()).isTrue();
    }
  }

  private static URI nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
  }

  @Test
  void what_the_outbox_takes_sns_takes_too() {
    Topology topology = Topology.unique("path");
    bench.emulator().create(topology);
    try (Tables tables = new Tables();
        AwsClients aws = new AwsClients(aws(bench.endpoint()));
        SnsClient sns = aws.sns()) {
      Map<String, String> largest = Map.of("x", "ñ".repeat(Outbox.MAX_EVENT_BYTES / 2 - 10));
      tables.append(new Outbox(() -> {}), UUID.randomUUID(), largest);

      new Relay(
              "urn:microflow:workorder",
              config(topology).lease(),
              tables.database,
              new SnsPublisher(sns, topology.topicArn("workorder")),
              tables.registry)
          .pass();

      assertThat(tables.unsent()).isEmpty();
    }
  }

  static EventConfig config(Topology topology) {
    return new EventConfig(
        topology.topicArn("workorder"),
        Duration.ofSeconds(30),
        topology.queueUrl(Bench.get().endpoint(), "tracking").toString(),
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        10);
  }

  private static EventConfig with(EventConfig config, String topicArn, String queueUrl) {
    return new EventConfig(
        topicArn,
        config.lease(),
        queueUrl,
        config.pollers(),
        config.pollWait(),
        config.visibility(),
        config.firstRetry(),
        config.concurrency());
  }

  private static AwsConfig aws(URI endpoint) {
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
