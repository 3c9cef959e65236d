package com.telconova.shared.config;

import java.util.List;

/// The environment cannot be used. Names every fault, none of the values of secrets.
public final class InvalidConfiguration extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidConfiguration(List<String> faults) {
    super(
        "The configuration has %d fault(s); set these environment variables and start again:\n  - %s"
            .formatted(faults.size(), String.join("\n  - ", faults)));
  }
}
