package com.telconova.tracking.notification;

import java.time.Duration;

/// How often and how long a message is tried.
///
/// @param attempts tries that a carrier answered "not now" to, before the message fails
/// @param firstPause after the first such try; each further one waits four times as long
/// @param stallPause while no carrier can be reached at all, which no message is blamed for
/// @param giveUpAfter how old a message may get
record Retries(int attempts, Duration firstPause, Duration stallPause, Duration giveUpAfter) {
  /// Five tries within seven minutes, so that a mail server which greylists (RFC 6647) has time to
  /// change its mind; six hours while there is no carrier, or nobody knows the person.
  static final Retries STANDARD =
      new Retries(5, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(6));

  private static final Duration MAX_WAIT = Duration.ofMinutes(5);

  /// How long to wait after the `attempt`th try, from 1.
  Duration pauseAfter(int attempt) {
    return firstPause.multipliedBy(1L << (2 * (attempt - 1)));
  }

  /// How long to wait for a person to become known: ever longer the longer it took so far.
  Duration pauseForRecipient(Duration age) {
    Duration half = age.dividedBy(2);
    if (half.compareTo(firstPause) < 0) {
      return firstPause;
    }
    return half.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : half;
  }
}
