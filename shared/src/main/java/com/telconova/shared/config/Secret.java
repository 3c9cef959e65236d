package com.telconova.shared.config;

import java.util.Objects;

/// A value that must never be seen in a log, an error or a thread dump.
///
/// @param value the secret itself; [#toString] does not show it
public record Secret(String value) {
  public Secret {
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return "***";
  }
}
