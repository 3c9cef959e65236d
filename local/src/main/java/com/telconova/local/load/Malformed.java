package com.telconova.local.load;

import java.io.IOException;

/// What came is no answer of HTTP/1.1, or one beyond all measure.
final class Malformed extends IOException {
  private static final long serialVersionUID = 1;

  Malformed(String message) {
    super(message);
  }
}
