package com.telconova.local.workbench;

/// The workbench is being stopped while something still starts; not a fault to report.
public final class Stopping extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Stopping(Throwable cause) {
    super("stopping", cause);
  }
}
