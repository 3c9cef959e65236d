package com.telconova.local.report.figures;

import jdk.jfr.consumer.RecordedEvent;

/// The second reading: what the slowest requests of a process waited for, by their threads and the
/// time they took.
final class Waits {
  private final Requests requests;
  private final long begin;

  /// @param begin when the recording began
  Waits(Requests requests, long begin) {
    this.requests = requests;
    this.begin = begin;
  }

  void register(Events events) {
    if (requests.slowest().isEmpty()) {
      return;
    }
    requests.slowest().forEach(request -> request.waited(WaitKind.BEFORE, request.start(), begin));
    own(events, "jdk.JavaMonitorEnter", WaitKind.MONITOR);
    own(events, "jdk.JavaMonitorWait", WaitKind.OBJECT);
    own(events, "jdk.ThreadPark", WaitKind.PARKED);
    own(events, "jdk.ThreadSleep", WaitKind.SLEEP);
    own(events, "jdk.VirtualThreadPinned", WaitKind.PINNED);
    own(events, "jdk.SocketRead", WaitKind.SOCKET_READ);
    own(events, "jdk.SocketWrite", WaitKind.SOCKET_WRITE);
    own(events, "jdk.FileRead", WaitKind.FILE);
    own(events, "jdk.FileWrite", WaitKind.FILE);
    own(events, "jdk.FileForce", WaitKind.FILE);
    events
        .on("jdk.GCPhasePause", this::pause)
        .on("jdk.SafepointBegin", this::pause)
        .on(
            "jdk.ExecuteVMOperation",
            event -> {
              if (Fields.flag(event, "safepoint")) {
                pause(event);
              }
            })
        .on("microflow.Transaction", this::transaction)
        .on("microflow.PasswordHash", this::password)
        .on("jdk.ExecutionSample", event -> ran(event, "sampledThread"))
        .on("jdk.CPUTimeSample", event -> ran(event, "eventThread"));
  }

  private void own(Events events, String name, WaitKind kind) {
    events.on(
        name,
        event ->
            waited(
                Fields.thread(event, "eventThread"), kind, Fields.start(event), Fields.end(event)));
  }

  private void waited(long thread, WaitKind kind, long from, long to) {
    requests.slowestOf(thread).forEach(request -> request.waited(kind, from, to));
  }

  private void pause(RecordedEvent event) {
    long from = Fields.start(event);
    long to = Fields.end(event);
    requests.slowest().forEach(request -> request.waited(WaitKind.PAUSE, from, to));
  }

  /// First it waits at the gate, then for a connection, and then it has one.
  private void transaction(RecordedEvent event) {
    long thread = Fields.thread(event, "eventThread");
    long start = Fields.start(event);
    long end = Fields.end(event);
    if (!Fields.flag(event, "entered")) {
      waited(thread, WaitKind.GATE, start, end);
      return;
    }
    long entered = start + Math.max(0, Fields.nanos(event, "gateWait"));
    long connected = entered + Math.max(0, Fields.nanos(event, "connectionWait"));
    waited(thread, WaitKind.GATE, start, entered);
    waited(thread, WaitKind.CONNECTION, entered, connected);
    waited(thread, WaitKind.TRANSACTION, connected, end);
  }

  /// Another thread computes it for the one that asked.
  private void password(RecordedEvent event) {
    long asker = Fields.thread(event, "asker");
    long start = Fields.start(event);
    waited(
        asker, WaitKind.PASSWORD_QUEUE, start - Math.max(0, Fields.nanos(event, "waited")), start);
    waited(asker, WaitKind.PASSWORD, start, Fields.end(event));
  }

  private void ran(RecordedEvent event, String field) {
    long at = Fields.start(event);
    requests.slowestOf(Fields.thread(event, field)).forEach(request -> request.ran(at));
  }
}
