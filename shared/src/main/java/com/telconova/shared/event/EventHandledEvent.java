package com.telconova.shared.event;

import java.time.Duration;
import java.time.Instant;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;

/// The handling of an event that came by the queue.
@Name("microflow.EventHandled")
@Label("Event Handled")
@Category("MicroFlow")
@Threshold("0 ms")
@Throttle("500/s")
@StackTrace(false)
final class EventHandledEvent extends jdk.jfr.Event {
  private static final EventHandledEvent PROBE = new EventHandledEvent();

  @Label("Event Type")
  private String type;

  @Label("Event Id")
  private String eventId;

  @Label("Receive Count")
  @Description("How often it has come, this time included")
  private int receiveCount;

  @Label("Outcome")
  @Description("done, or failed: then it comes again")
  private String outcome;

  @Label("Age")
  @Description("Since it occurred, by the clocks of the two machines, when its handling began")
  @Timespan(Timespan.MILLISECONDS)
  private long age;

  @Label("Trace Id")
  private String traceId;

  /// @return null while nobody records
  static EventHandledEvent started(Event event) {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var started = new EventHandledEvent();
    // A recording's times are the system's, whatever clock the service goes by.
    started.age = Duration.between(event.time(), Instant.now()).toMillis();
    started.begin();
    return started;
  }

  void commit(Event event, int receives, String itsOutcome, String itsTrace) {
    end();
    if (shouldCommit()) {
      type = event.type();
      eventId = event.id().toString();
      receiveCount = receives;
      outcome = itsOutcome;
      traceId = itsTrace;
      commit();
    }
  }
}
