package com.telconova.local.steps;

/// Something did not come out as it must.
public final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message which step, what was expected, what came
  public StepFailed(String message) {
    super(message);
  }
}
