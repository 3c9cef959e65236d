package com.telconova.shared.trace;

import com.telconova.shared.trace.Span.Kind;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Tracing by OpenTelemetry's SDK. Its types are in this class and its neighbours named `Otel…`,
/// and nowhere else: where tracing is off, none of them is loaded. Its own idea of what a thread
/// does is not used; [Current] knows.
final class OtelTracing implements Tracing {
  private static final int MAX_ATTRIBUTES = 32;
  private static final int MAX_ATTRIBUTE_CHARACTERS = 512;

  /// For a connection that the collector closed meanwhile. More tries would only have others
  /// dropped that come behind.
  private static final RetryPolicy ONCE_MORE =
      RetryPolicy.builder().setMaxAttempts(2).setInitialBackoff(Duration.ofMillis(500)).build();

  private final SdkTracerProvider provider;
  private final OtelQueue queue;
  private final Tracer tracer;
  private final boolean parentDecides;

  private OtelTracing(SdkTracerProvider provider, OtelQueue queue, boolean parentDecides) {
    this.provider = provider;
    this.queue = queue;
    this.tracer = provider.get("com.telconova.microflow");
    this.parentDecides = parentDecides;
  }

  static OtelTracing open(
      TraceConfig config, TraceConfig.Export export, String service, CollectorRegistry registry) {
    OtelQueue queue = OtelQueue.start(exporter(export), export, registry);
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource(config, service))
            .setSampler(new OtelSampler(sampler(config)))
            .setSpanLimits(
                SpanLimits.builder()
                    .setMaxNumberOfAttributes(MAX_ATTRIBUTES)
                    .setMaxAttributeValueLength(MAX_ATTRIBUTE_CHARACTERS)
                    .build())
            .addSpanProcessor(queue)
            .build();
    return new OtelTracing(provider, queue, config.sampler().name().startsWith("PARENTBASED"));
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public com.telconova.shared.trace.Span begin(
      Kind kind, String name, String traceparent, List<Trace> links) {
    Optional<Trace> parent = Trace.parse(traceparent);
    if (parentDecides && parent.isPresent() && !parent.get().isSampled()) {
      return Trace.from(traceparent); // as the sampler would have it, at less cost
    }
    SpanBuilder builder = builder(kind, name);
    parent.ifPresentOrElse(
        trace -> builder.setParent(Context.root().with(Span.wrap(context(trace)))),
        builder::setNoParent);
    links.forEach(link -> builder.addLink(context(link)));
    return start(builder);
  }

  @Override
  public com.telconova.shared.trace.Span beginFor(
      Kind kind, String name, Instant since, List<Trace> links) {
    List<Trace> recorded = links.stream().filter(Trace::isSampled).toList();
    if (recorded.isEmpty()) {
      return NoSpan.NONE;
    }
    SpanBuilder builder = builder(kind, name).setNoParent().setStartTimestamp(since);
    recorded.forEach(link -> builder.addLink(context(link)));
    return start(builder);
  }

  @Override
  public void close() {
    queue.close();
    provider.close();
  }

  SpanBuilder builder(Kind kind, String name) {
    return tracer.spanBuilder(name).setSpanKind(kind(kind));
  }

  com.telconova.shared.trace.Span start(SpanBuilder builder) {
    Span span = builder.startSpan();
    SpanContext context = span.getSpanContext();
    Trace trace =
        new Trace(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex());
    return span.isRecording() ? new OtelSpan(this, span, trace) : trace;
  }

  private static SpanContext context(Trace trace) {
    return SpanContext.createFromRemoteParent(
        trace.traceId(),
        trace.spanId(),
        TraceFlags.fromHex(trace.flags(), 0),
        TraceState.getDefault());
  }

  private static SpanKind kind(Kind kind) {
    return switch (kind) {
      case INTERNAL -> SpanKind.INTERNAL;
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case PRODUCER -> SpanKind.PRODUCER;
      case CONSUMER -> SpanKind.CONSUMER;
    };
  }

  private static OtlpHttpSpanExporter exporter(TraceConfig.Export export) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(export.endpoint().toString())
            .setCompression(export.compression())
            .setTimeout(export.timeout())
            .setRetryPolicy(ONCE_MORE);
    export.headers().forEach((name, value) -> builder.addHeader(name, value.value()));
    return builder.build();
  }

  private static Resource resource(TraceConfig config, String service) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put("service.namespace", "microflow");
    attributes.put("service.instance.id", UUID.randomUUID().toString());
    attributes.put("service.name", service);
    config.resource().forEach(attributes::put);
    config.serviceName().ifPresent(name -> attributes.put("service.name", name));
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  private static Sampler sampler(TraceConfig config) {
    return switch (config.sampler()) {
      case ALWAYS_ON -> Sampler.alwaysOn();
      case ALWAYS_OFF -> Sampler.alwaysOff();
      case TRACEIDRATIO -> Sampler.traceIdRatioBased(config.ratio());
      case PARENTBASED_ALWAYS_ON -> Sampler.parentBased(Sampler.alwaysOn());
      case PARENTBASED_ALWAYS_OFF -> Sampler.parentBased(Sampler.alwaysOff());
      case PARENTBASED_TRACEIDRATIO ->
          Sampler.parentBased(Sampler.traceIdRatioBased(config.ratio()));
    };
  }
}
