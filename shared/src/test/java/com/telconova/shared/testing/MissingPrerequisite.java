package com.telconova.shared.testing;

/// Something that a person must install or free first; the message is one line and says what to do.
public final class MissingPrerequisite extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line, with the remedy
  public MissingPrerequisite(String message) {
    super(message);
  }
}
