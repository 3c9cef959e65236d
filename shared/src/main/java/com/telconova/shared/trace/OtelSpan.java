package com.telconova.shared.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/// A span that OpenTelemetry records.
final class OtelSpan implements com.telconova.shared.trace.Span {
  private final OtelTracing tracing;
  private final Span span;
  private final Trace trace;

  OtelSpan(OtelTracing tracing, Span span, Trace trace) {
    this.tracing = tracing;
    this.span = span;
    this.trace = trace;
  }

  @Override
  public Trace trace() {
    return trace;
  }

  @Override
  public boolean isRecorded() {
    return true;
  }

  @Override
  public com.telconova.shared.trace.Span child(Kind kind, String name) {
    return tracing.start(tracing.builder(kind, name).setParent(Context.root().with(span)));
  }

  @Override
  public void rename(String name) {
    span.updateName(name);
  }

  @Override
  public com.telconova.shared.trace.Span set(String attribute, String value) {
    if (value != null) {
      span.setAttribute(attribute, value);
    }
    return this;
  }

  @Override
  public com.telconova.shared.trace.Span set(String attribute, long value) {
    span.setAttribute(attribute, value);
    return this;
  }

  @Override
  public void fail(String errorType) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute("error.type", errorType);
  }

  @Override
  public void end() {
    span.end();
  }
}
