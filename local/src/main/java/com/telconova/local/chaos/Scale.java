package com.telconova.local.chaos;

/// How much of a scenario is run.
enum Scale {
  /// A sample, for a build: some seconds.
  SHORT,
  /// As often as it is promised.
  FULL;

  int of(int some, int all) {
    return this == FULL ? all : some;
  }
}
