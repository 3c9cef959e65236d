package com.telconova.local.report.figures;

import java.util.Locale;
import jdk.jfr.consumer.RecordedEvent;

/// What threads waited for, longer than each event's threshold: locks, files, sockets, carriers.
public final class Blocking {
  private static final int MAX = 2_000;

  private final Frames frames;
  private final Sites monitors = new Sites(MAX);
  private final Sites parks = new Sites(MAX);
  private final Sites objectWaits = new Sites(MAX);
  private final Sites sleeps = new Sites(MAX);
  private final Sites pinned = new Sites(MAX);
  private final Sites files = new Sites(MAX);
  private final Sites sockets = new Sites(MAX);
  private final Sites transactions = new Sites(MAX);
  private final Histogram gate = new Histogram();
  private final Histogram connection = new Histogram();
  private final Histogram hash = new Histogram();
  private final Histogram hashWait = new Histogram();
  private long turnedAway;

  Blocking(Frames frames) {
    this.frames = frames;
  }

  void register(Events events) {
    events
        .on("jdk.JavaMonitorEnter", event -> add(monitors, event, "monitorClass"))
        .on("jdk.JavaMonitorWait", event -> add(objectWaits, event, "monitorClass"))
        .on("jdk.ThreadPark", event -> add(parks, event, "parkedClass"))
        .on("jdk.ThreadSleep", event -> add(sleeps, event, ""))
        .on("jdk.VirtualThreadPinned", this::pinned)
        .on("jdk.FileRead", event -> file(event, "bytesRead"))
        .on("jdk.FileWrite", event -> file(event, "bytesWritten"))
        .on("jdk.FileForce", event -> file(event, ""))
        .on("jdk.SocketRead", event -> socket(event, "bytesRead"))
        .on("jdk.SocketWrite", event -> socket(event, "bytesWritten"))
        .on("microflow.Transaction", this::transaction)
        .on("microflow.PasswordHash", this::password);
  }

  private void add(Sites sites, RecordedEvent event, String typeField) {
    String type = typeField.isEmpty() ? "" : Fields.type(event, typeField);
    String at = frames.site(event);
    String name = type.isEmpty() ? at : at.isEmpty() ? type : type + " at " + at;
    sites.add(name.isEmpty() ? "(unknown)" : name, nanos(event), 0);
  }

  private void pinned(RecordedEvent event) {
    String reason = Fields.text(event, "pinnedReason");
    String at = frames.site(event);
    pinned.add((at.isEmpty() ? "(unknown)" : at) + ": " + reason, nanos(event), 0);
  }

  private void file(RecordedEvent event, String bytes) {
    String name = event.getEventType().getName();
    String op = name.substring("jdk.File".length()).toLowerCase(Locale.ROOT);
    String path = Fields.text(event, "path");
    files.add(
        op + " " + (path.isEmpty() ? "(unknown)" : path),
        nanos(event),
        bytes.isEmpty() ? 0 : Fields.number(event, bytes));
  }

  private void socket(RecordedEvent event, String bytes) {
    String name = event.getEventType().getName();
    String op = name.substring("jdk.Socket".length()).toLowerCase(Locale.ROOT);
    String address = Fields.text(event, "address");
    String host = address.isEmpty() ? Fields.text(event, "host") : address;
    sockets.add(
        op + " " + (host.isEmpty() ? "(unix)" : host) + ":" + Fields.number(event, "port"),
        nanos(event),
        Fields.number(event, bytes));
  }

  private void transaction(RecordedEvent event) {
    transactions.add(Fields.text(event, "lane"), nanos(event), 0);
    if (Fields.flag(event, "entered")) {
      gate.add(Fields.nanos(event, "gateWait"));
      connection.add(Fields.nanos(event, "connectionWait"));
    } else {
      turnedAway++;
    }
  }

  private void password(RecordedEvent event) {
    hash.add(nanos(event));
    hashWait.add(Fields.nanos(event, "waited"));
  }

  private static long nanos(RecordedEvent event) {
    return Fields.end(event) - Fields.start(event);
  }

  /// Waits to enter a `synchronized`, by the lock's class and where.
  public Sites monitors() {
    return monitors;
  }

  /// Waits of `LockSupport.park`: locks of java.util.concurrent, and threads with nothing to do.
  public Sites parks() {
    return parks;
  }

  public Sites objectWaits() {
    return objectWaits;
  }

  public Sites sleeps() {
    return sleeps;
  }

  /// Virtual threads that waited and held their carrier.
  public Sites pinned() {
    return pinned;
  }

  public Sites files() {
    return files;
  }

  /// By the other side's address and port.
  public Sites sockets() {
    return sockets;
  }

  /// Transactions of 5 ms and more, by lane.
  public Sites transactions() {
    return transactions;
  }

  /// How long such transactions waited at the gate.
  public Histogram gate() {
    return gate;
  }

  /// How long such transactions waited for a connection.
  public Histogram connection() {
    return connection;
  }

  /// Transactions that the gate turned away.
  public long turnedAway() {
    return turnedAway;
  }

  public Histogram hash() {
    return hash;
  }

  public Histogram hashWait() {
    return hashWait;
  }
}
