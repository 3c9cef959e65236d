package com.telconova.local.report.file;

/// A file that no report can be made of.
public final class RecordingFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line: which file, what is wrong with it, what to do
  public RecordingFault(String message) {
    super(message);
  }
}
