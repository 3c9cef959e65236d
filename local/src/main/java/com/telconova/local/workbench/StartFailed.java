package com.telconova.local.workbench;

/// Something did not start or did not do as it must; what it said has been shown already.
public final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line: what failed and where to look
  public StartFailed(String message) {
    super(message);
  }
}
