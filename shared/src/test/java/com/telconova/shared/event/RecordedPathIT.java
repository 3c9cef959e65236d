package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Topology;
import com.telconova.shared.trace.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

final class RecordedPathIT {
  private final Bench bench = Bench.get();

  @TempDir private Path folder;

  @Test
  void an_event_is_followed_by_its_id_and_trace_from_publish_to_poll_to_handling()
      throws Exception {
    Trace trace = Trace.begin();
    NewEvent event = NewEvent.of("order.created", Map.of("n", 1));
    List<RecordedEvent> recorded = recorded(trace, event);

    RecordedEvent published = with(recorded, "microflow.EventsPublished", event);
    RecordedEvent polled = with(recorded, "microflow.QueuePoll", event);
    RecordedEvent handled = with(recorded, "microflow.EventHandled", event);
    assertThat(published.getInt("batch")).isEqualTo(1);
    assertThat(published.getInt("accepted")).isEqualTo(1);
    assertThat(published.getInt("refused")).isZero();
    assertThat(published.getInt("bytes")).isGreaterThan(300);
    assertThat(published.getString("traceParents")).contains(trace.traceId());
    assertThat(published.getThread().getJavaName()).isEqualTo("outbox-relay");
    assertThat(polled.getInt("messages")).isEqualTo(1);
    assertThat(polled.getString("queue")).endsWith("-tracking-inbox");
    assertThat(polled.getThread().getJavaName()).startsWith(polled.getString("queue"));
    assertThat(handled.getString("type")).isEqualTo("order.created");
    assertThat(handled.getString("outcome")).isEqualTo("done");
    assertThat(handled.getInt("receiveCount")).isEqualTo(1);
    assertThat(handled.getString("traceId")).isEqualTo(trace.traceId());
    assertThat(handled.getDuration("age")).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60));
    assertThat(published.getStartTime()).isBefore(polled.getEndTime());
    assertThat(polled.getStartTime()).isBefore(handled.getEndTime());
    assertThat(recorded)
        .filteredOn(each -> each.getEventType().getName().equals("microflow.Transaction"))
        .allMatch(each -> each.getBoolean("entered"))
        .extracting(each -> each.getString("lane"))
        .contains("requests", "background");
    assertThat(recorded)
        .filteredOn(each -> each.getEventType().getName().equals("microflow.Transaction"))
        .anyMatch(each -> each.getDuration("connectionWait").isPositive())
        .allMatch(each -> each.getDuration("gateWait").compareTo(each.getDuration()) <= 0);
  }

  private List<RecordedEvent> recorded(Trace trace, NewEvent event) throws Exception {
    Topology topology = Topology.unique("recorded");
    bench.emulator().create(topology);
    var handled = new CountDownLatch(1);
    Path file = folder.resolve("x.jfr");
    try (Tables tables = new Tables();
        AwsClients aws = new AwsClients(aws());
        SnsClient sns = aws.sns();
        SqsClient sqs = aws.sqs();
        Recording recording = new Recording()) {
      recording.setSettings(everything());
      recording.start();
      EventConfig config = EventPathIT.config(topology);
      Relay relay =
          new Relay(
              "urn:microflow:workorder",
              config.lease(),
              tables.database,
              new SnsPublisher(sns, config.topicArn()),
              tables.registry);
      Inbox inbox =
          new Inbox(
              tables.database,
              Map.of("order.created", (_, _) -> handled.countDown()),
              tables.registry);
      SqsConsumer consumer = new SqsConsumer(config, sqs, inbox::handle, tables.registry);
      relay.start();
      consumer.start();
      try (Trace.Scope _ = trace.enter()) {
        Instant then = Instant.now().minusSeconds(5);
        tables.database.useTransaction(handle ->
            new Outbox(relay::wake).append(handle, UUID.randomUUID(), then, List.of(event)));
      }
      handled.await();
      consumer.drain(Duration.ofSeconds(5));
      relay.close();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }

  private static Map<String, String> everything() {
    Map<String, String> settings = new HashMap<>();
    for (String name : List.of("EventsPublished", "QueuePoll", "EventHandled", "Transaction")) {
      settings.put("microflow." + name + "#enabled", "true");
      settings.put("microflow." + name + "#threshold", "0 ms");
    }
    return settings;
  }

  private static RecordedEvent with(List<RecordedEvent> recorded, String name, NewEvent event) {
    return recorded.stream()
        .filter(each -> each.getEventType().getName().equals(name))
        .filter(each -> each.toString().contains(event.id().toString()))
        .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
  }

  private AwsConfig aws() {
    return new AwsConfig(
        "us-east-1",
        Optional.of(bench.endpoint()),
        Optional.of(new AwsConfig.Credentials("test", new Secret("test"))));
  }
}
