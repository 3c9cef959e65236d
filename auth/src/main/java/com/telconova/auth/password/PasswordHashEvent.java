package com.telconova.auth.password;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/// The hashing of a password, for a new one or to compare; nothing of the password.
@Name("microflow.PasswordHash")
@Label("Password Hash")
@Category("MicroFlow")
@Threshold("0 ms")
@StackTrace(false)
final class PasswordHashEvent extends Event {
  private static final PasswordHashEvent PROBE = new PasswordHashEvent();

  @Label("Wait")
  @Description("From when it was asked for to when a thread took it up")
  @Timespan(Timespan.NANOSECONDS)
  private long waited;

  @Label("Asked By")
  @Description("The thread that waits for it")
  private Thread asker;

  /// @param asked [System#nanoTime] of when it was asked for
  /// @param asker who waits for it
  /// @return null while nobody records
  static PasswordHashEvent started(long asked, Thread asker) {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new PasswordHashEvent();
    event.waited = System.nanoTime() - asked;
    event.asker = asker;
    event.begin();
    return event;
  }
}
