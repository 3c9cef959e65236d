package com.telconova.shared.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/// Records work that begins a trace of its own and is part of others (a call that sends or receives
/// several messages) when one of those is recorded; asks another sampler about all else. Chance
/// would take it nearly always from those who look for it.
final class OtelSampler implements Sampler {
  private final Sampler other;

  OtelSampler(Sampler other) {
    this.other = other;
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    boolean shared = !links.isEmpty() && !Span.fromContext(parent).getSpanContext().isValid();
    return shared && links.stream().anyMatch(link -> link.getSpanContext().isSampled())
        ? SamplingResult.recordAndSample()
        : other.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "linked or " + other.getDescription();
  }
}
