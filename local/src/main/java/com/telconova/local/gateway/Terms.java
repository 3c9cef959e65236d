package com.telconova.local.gateway;

import java.util.Optional;

/// What a gateway asks of its callers.
///
/// @param throttled whether the document's throttles hold
/// @param key what `x-api-key` must hold where the document asks for a key; empty when none is
///   asked for
public record Terms(boolean throttled, Optional<String> key) {

  /// The document's throttles, and no keys.
  public static final Terms USUAL = new Terms(true, Optional.empty());

  /// Neither throttles nor keys: for whoever measures or breaks what is behind.
  public static final Terms NONE = new Terms(false, Optional.empty());

  /// The same, with a key.
  public Terms withKey(String key) {
    return new Terms(throttled, Optional.of(key));
  }
}
