package com.telconova.auth.throttle;

import java.time.Duration;

/// A leaky bucket: holds `size` drops, and one leaks away every `leak`.
record Bucket(int size, Duration leak) {
  /// How long a full one takes to be empty.
  Duration depth() {
    return leak.multipliedBy(size);
  }
}
