package com.telconova.local.report;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/// Events as the services write them, for recordings of which everything is known.
final class Written {
  private Written() {}

  @Name("microflow.HttpRequest")
  @StackTrace(false)
  @Threshold("0 ms")
  static final class Request extends Event {
    String method;
    String route;
    int status;
    String requestId;
    String traceId;
  }

  @Name("microflow.EventsPublished")
  @StackTrace(false)
  @Threshold("0 ms")
  static final class Published extends Event {
    int batch;
    int bytes;
    int accepted;
    int refused;
    String eventIds;
    String traceParents;
  }

  @Name("microflow.QueuePoll")
  @StackTrace(false)
  @Threshold("0 ms")
  static final class Poll extends Event {
    String queue;
    int messages;
    String eventIds;
  }

  @Name("microflow.EventHandled")
  @StackTrace(false)
  @Threshold("0 ms")
  static final class Handled extends Event {
    String type;
    String eventId;
    int receiveCount;
    String outcome;

    @Timespan(Timespan.MILLISECONDS)
    long age;

    String traceId;
  }

  @Name("microflow.Transaction")
  @StackTrace(false)
  @Threshold("0 ms")
  static final class Transaction extends Event {
    String lane;

    @Timespan(Timespan.NANOSECONDS)
    long gateWait;

    @Timespan(Timespan.NANOSECONDS)
    long connectionWait;

    boolean entered;
  }
}
