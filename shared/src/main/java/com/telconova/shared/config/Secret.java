package com.telconova.shared.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/// A value that must never be seen in a log, an error, a thread dump or a JSON document.
///
/// @param value the secret itself; [#toString] does not show it
public record Secret(String value) {
  public Secret {
    Objects.requireNonNull(value, "value");
  }

  @JsonValue
  @Override
  public String toString() {
    return "***";
  }
}
