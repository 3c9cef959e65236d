package com.telconova.local.bench;

import java.time.Duration;

/// How long and how often things are measured.
///
/// @param rounds of pgbench and service in turn
/// @param measured of each of these, and of a step of the scaling series
/// @param warmUp before the first of an operation
/// @param idle how long after its start a service is looked at
/// @param starts of each service, with and without the cache
/// @param orders that are made up beforehand
/// @param events how long orders come
/// @param followers streams
/// @param updates how long entries come to them
/// @param memory how long the load before memory is looked at
record Scale(
    boolean quick,
    int rounds,
    Duration measured,
    Duration warmUp,
    Duration idle,
    int starts,
    int orders,
    Duration events,
    int followers,
    Duration updates,
    Duration memory) {

  static final Scale FULL =
      new Scale(
          false,
          5,
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          7,
          100_000,
          Duration.ofSeconds(60),
          10_000,
          Duration.ofSeconds(40),
          Duration.ofMinutes(10));

  /// To see whether it works, not to know how fast it is.
  static final Scale QUICK =
      new Scale(
          true,
          1,
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          1,
          5_000,
          Duration.ofSeconds(5),
          500,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));
}
