package com.telconova.local.lab;

/// How large experiments are.
enum Scale {
  /// Small enough for a test.
  QUICK,

  /// As a lesson wants it.
  FULL;

  int of(int quick, int full) {
    return this == QUICK ? quick : full;
  }
}
