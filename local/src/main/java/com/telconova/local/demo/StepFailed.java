package com.telconova.local.demo;

/// A step of the story did not come out as it must.
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message which step, what was expected, what came
  StepFailed(String message) {
    super(message);
  }
}
