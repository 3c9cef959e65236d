package com.telconova.shared.database;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;

/// A transaction, or a query outside of one: from when it came to the gate to when it left the
/// connection. Belongs to one thread.
@Name("microflow.Transaction")
@Label("Database Transaction")
@Category("MicroFlow")
@Threshold("5 ms")
@Throttle("200/s")
@StackTrace(false)
final class TransactionEvent extends Event {
  // Says whether anybody records, without an object for each transaction.
  private static final TransactionEvent PROBE = new TransactionEvent();

  @Label("Lane")
  @Description("requests, background, or check for readiness")
  private String lane;

  @Label("Wait at the Gate")
  @Timespan(Timespan.NANOSECONDS)
  private long gateWait;

  @Label("Wait for a Connection")
  @Timespan(Timespan.NANOSECONDS)
  private long connectionWait;

  @Label("Entered")
  @Description("Whether it was let in; if not, it was turned away")
  private boolean entered;

  /// @return null while nobody records
  static TransactionEvent started(Gate gate) {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new TransactionEvent();
    event.lane = gate.lane();
    event.begin();
    return event;
  }

  /// The gate let it in.
  void enter(long waited) {
    gateWait = waited;
    entered = true;
  }

  /// It has its connection.
  void connect(long waited) {
    connectionWait = waited;
  }
}
