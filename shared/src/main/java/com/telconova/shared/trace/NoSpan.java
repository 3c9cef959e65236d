package com.telconova.shared.trace;

/// A part of work that has no trace.
enum NoSpan implements Unrecorded {
  NONE;

  @Override
  public Trace trace() {
    throw new IllegalStateException("this work has no trace");
  }

  @Override
  public Scope enter() {
    return Current.SAME;
  }
}
