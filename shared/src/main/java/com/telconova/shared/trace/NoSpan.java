package com.telconova.shared.trace;

/// A part of work that has no trace.
enum NoSpan implements Span {
  NONE;

  @Override
  public Trace trace() {
    throw new IllegalStateException("this work has no trace");
  }

  @Override
  public boolean isRecorded() {
    return false;
  }

  @Override
  public Span child(Kind kind, String name) {
    return this;
  }

  @Override
  public void rename(String name) {}

  @Override
  public Span set(String attribute, String value) {
    return this;
  }

  @Override
  public Span set(String attribute, long value) {
    return this;
  }

  @Override
  public void fail(String errorType) {}

  @Override
  public void end() {}

  @Override
  public Scope enter() {
    return Current.SAME;
  }
}
