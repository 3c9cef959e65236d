package com.telconova.shared.database;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.trace.Span;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import jdk.jfr.FlightRecorder;

/// Tells the recording and the trace, whichever is there, of a transaction or of a query outside of
/// one. Belongs to one thread.
final class Witness {
  private final TransactionEvent event;
  private final Span span;
  private long since;

  private Witness(TransactionEvent event, Span span, long since) {
    this.event = event;
    this.span = span;
    this.since = since;
  }

  /// @param what `transaction` or `query`
  /// @return null when nobody records
  static Witness of(Gate gate, String what) {
    // The event's class makes all of Flight Recorder ready as soon as it is named, which no start
    // should wait for.
    TransactionEvent event = FlightRecorder.isInitialized() ? TransactionEvent.started(gate) : null;
    Span span = Span.within(Span.Kind.CLIENT, what);
    if (span.isRecorded()) {
      span.set("db.system.name", "postgresql").set("microflow.db.lane", gate.lane());
    } else if (event == null) {
      return null;
    }
    return new Witness(event, span, System.nanoTime());
  }

  /// The gate let it in.
  void enter() {
    long now = System.nanoTime();
    if (event != null) {
      event.enter(now - since);
    }
    span.set("microflow.db.gate.wait_us", TimeUnit.NANOSECONDS.toMicros(now - since));
  }

  /// It has its connection.
  void connect(long waited) {
    if (event != null) {
      event.connect(waited);
    }
    span.set("microflow.db.connection.wait_us", TimeUnit.NANOSECONDS.toMicros(waited));
  }

  /// What is done until the scope is closed is part of it.
  Span.Scope scope() {
    return span.enter();
  }

  /// It ended with this. What a use case refuses is no failure of the database's.
  void fail(Throwable thrown) {
    if (!span.isRecorded()) {
      return;
    }
    span.set("microflow.db.outcome", "rolled back");
    String state = sqlState(thrown);
    if (state != null) {
      span.set("db.response.status_code", state).fail(state);
    } else if (!(thrown instanceof Failure) || thrown instanceof Failure.Unavailable) {
      span.fail(thrown);
    }
  }

  /// It is over.
  void commit() {
    if (event != null) {
      event.commit();
    }
    span.end();
  }

  private static String sqlState(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return sql.getSQLState();
      }
    }
    return null;
  }
}
