package com.telconova.shared.event;

import com.telconova.shared.event.SqsConsumer.Received;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Trace;
import com.telconova.shared.trace.Tracing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The spans of what comes in: one for each call that brought messages (`receive`), a trace of its
/// own with links to them, for it waited for all of them; and one for the handling of each
/// (`process`), which goes on in the trace of its cause and has a link to the call.
/// https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
final class Receiving {
  private final Tracing tracing;
  private final EventConfig config;

  Receiving(Tracing tracing, EventConfig config) {
    this.tracing = tracing;
    this.config = config;
  }

  /// Tells of a call that is over.
  ///
  /// @param since when it began
  /// @return where its span stands; empty unless it has one
  List<Trace> receipt(Instant since, List<Received> messages) {
    if (!tracing.isOn() || messages.isEmpty()) {
      return List.of();
    }
    List<Trace> causes =
        messages.stream()
            .map(Received::event)
            .flatMap(Optional::stream)
            .map(event -> Trace.parse(event.traceparent()))
            .flatMap(Optional::stream)
            .toList();
    Span span = tracing.beginFor(Span.Kind.CLIENT, "receive " + config.queueName(), since, causes);
    if (!span.isRecorded()) {
      return List.of();
    }
    described(span, "receive").set("messaging.batch.message_count", messages.size());
    span.end();
    return List.of(span.trace());
  }

  /// Begins the span of a message's handling.
  Span handling(Held item, Event event, List<Trace> receipt) {
    Span span =
        tracing.begin(
            Span.Kind.CONSUMER, "process " + config.queueName(), event.traceparent(), receipt);
    if (span.isRecorded()) {
      described(span, "process")
          .set("messaging.message.id", item.message().messageId())
          .set("cloudevents.event_id", event.id().toString())
          .set("cloudevents.event_source", event.source())
          .set("cloudevents.event_type", event.type())
          .set("cloudevents.event_subject", event.subject().toString())
          .set("microflow.receive_count", item.receiveCount());
    }
    return span;
  }

  private Span described(Span span, String operation) {
    return span.set("messaging.system", "aws_sqs")
        .set("messaging.destination.name", config.queueName())
        .set("messaging.operation.name", operation)
        .set("messaging.operation.type", operation)
        .set("aws.sqs.queue.url", config.queueUrl());
  }
}
