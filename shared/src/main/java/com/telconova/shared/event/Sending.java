package com.telconova.shared.event;

import com.telconova.shared.event.Publisher.Outcome;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Tracing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/// The spans of what goes out: one for each message (`create`), in the trace of its cause, whose
/// context the message carries; and one for each call (`send`), which is part of the message's
/// where it has only one, and else a trace of its own with links to all of them.
/// https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
final class Sending {
  private final Tracing tracing;
  private final String topicArn;
  private final String topic;
  private final Map<UUID, Span> created = new HashMap<>();
  private final Map<UUID, Span> sent = new HashMap<>();

  Sending(Tracing tracing, String topicArn) {
    this.tracing = tracing;
    this.topicArn = topicArn;
    this.topic = topicArn.substring(topicArn.lastIndexOf(':') + 1);
  }

  /// Begins the spans of the messages.
  ///
  /// @return the events, each with its span's context
  List<Event> create(List<Event> events) {
    return tracing.isOn() ? events.stream().map(this::create).toList() : events;
  }

  private Event create(Event event) {
    Span span = tracing.begin(Span.Kind.PRODUCER, "create " + topic, event.traceparent());
    if (span.isRecorded()) {
      created.put(
          event.id(),
          described(span, "create")
              .set("messaging.message.id", event.id().toString())
              .set("cloudevents.event_id", event.id().toString())
              .set("cloudevents.event_type", event.type())
              .set("cloudevents.event_subject", event.subject().toString()));
    }
    return event.causedBy(span.trace().traceparent());
  }

  /// Begins the span of a call.
  Span send(List<PublishBatchRequestEntry> batch) {
    List<Span> messages = spans(batch);
    String name = "send " + topic;
    Span span =
        batch.size() == 1 && messages.size() == 1
            ? messages.getFirst().child(Span.Kind.CLIENT, name)
            : tracing.beginFor(
                Span.Kind.CLIENT, name, Instant.now(), messages.stream().map(Span::trace).toList());
    return described(span, "send")
        .set("aws.sns.topic.arn", topicArn)
        .set("messaging.batch.message_count", batch.size());
  }

  /// Ends the spans of the messages that were sent; the others have begun nothing.
  void end(Outcome outcome) {
    sent.forEach((id, span) -> {
      if (outcome.refused().contains(id)) {
        span.fail("refused");
      } else if (!outcome.accepted().contains(id)) {
        span.fail("unreachable");
      }
      span.end();
    });
  }

  private List<Span> spans(List<PublishBatchRequestEntry> batch) {
    List<Span> spans = new ArrayList<>();
    if (!created.isEmpty()) {
      for (PublishBatchRequestEntry entry : batch) {
        UUID id = UUID.fromString(entry.id());
        Span span = created.get(id);
        if (span != null) {
          sent.put(id, span);
          spans.add(span);
        }
      }
    }
    return spans;
  }

  private Span described(Span span, String operation) {
    return span.set("messaging.system", "aws.sns")
        .set("messaging.destination.name", topic)
        .set("messaging.operation.name", operation)
        .set("messaging.operation.type", operation);
  }
}
