package com.telconova.shared.trace;

import io.prometheus.client.CollectorRegistry;
import java.time.Instant;
import java.util.List;

/// Begins spans where work comes into the process; [Span#within] begins the parts of it. Off, it
/// hands trace ids on and no more. Thread-safe.
public sealed interface Tracing extends AutoCloseable permits NoTracing, OtelTracing {
  /// Records nothing.
  Tracing OFF = new NoTracing();

  /// Opens what sends spans to the collector that the settings name; [#OFF] when they name none,
  /// and then no class of OpenTelemetry's is loaded.
  ///
  /// @param service its name, unless the settings have another
  static Tracing open(TraceConfig config, String service, CollectorRegistry registry) {
    return config
        .export()
        .<Tracing>map(export -> OtelTracing.open(config, export, service, registry))
        .orElse(OFF);
  }

  /// Whether spans are recorded at all.
  boolean isOn();

  /// Goes on from a `traceparent` that came in; a new trace when there is none or it is malformed.
  /// To be ended.
  default Span begin(Span.Kind kind, String name, String traceparent) {
    return begin(kind, name, traceparent, List.of());
  }

  /// As the other.
  ///
  /// @param links other work that it has to do with
  Span begin(Span.Kind kind, String name, String traceparent, List<Trace> links);

  /// Begins a trace of its own for work that several traces share: recorded when one of them is.
  ///
  /// @param since when the work began
  /// @param links the traces; those that nobody records are left out
  Span beginFor(Span.Kind kind, String name, Instant since, List<Trace> links);

  /// Sends what is left, for two seconds at most. What ends later is lost.
  @Override
  void close();
}
