package com.telconova.local.report.figures;

/// What a request waits for. Where several are true at a moment, the first of them is told: a
/// connection's socket is read within a transaction, and a collection stops both.
public enum WaitKind {
  PAUSE("all threads stopped (GC, safepoint)"),
  MONITOR("a lock that another holds"),
  PASSWORD_QUEUE("a thread to hash a password on"),
  PASSWORD("a password being hashed"),
  GATE("the gate in front of the database"),
  CONNECTION("a connection of the pool"),
  SOCKET_READ("an answer on a socket"),
  SOCKET_WRITE("a socket to take what is sent"),
  FILE("a file"),
  PINNED("something, and held its carrier (pinned)"),
  PARKED("another thread (parked)"),
  OBJECT("a notification (Object.wait)"),
  SLEEP("time to pass (sleep)"),
  TRANSACTION("the rest of a transaction"),
  REST("the rest: ran, was ready to, or waited too briefly to be recorded");

  private final String title;

  WaitKind(String title) {
    this.title = title;
  }

  /// What it waited for.
  public String title() {
    return title;
  }
}
