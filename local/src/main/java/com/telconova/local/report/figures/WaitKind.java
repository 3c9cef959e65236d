package com.telconova.local.report.figures;

/// What a request waits for. Where several are true at a moment, the first of them is told: a
/// connection's socket is read within a transaction, and a collection stops both.
public enum WaitKind {
  BEFORE("before the recording", "what it did before the recording began is not known"),
  PAUSE("all stopped", "all threads stood still, for a collection or at another safepoint"),
  MONITOR("lock", "a monitor (synchronized) that another thread held"),
  PASSWORD_QUEUE("hashing queue", "until a thread was free to hash a password"),
  PASSWORD("password hash", "another thread hashed a password for it"),
  GATE("gate", "the gate in front of the database, which lets so many in at once"),
  CONNECTION("connection", "a connection of the pool"),
  SOCKET_READ("socket read", "an answer: of the database, of another service, of AWS"),
  SOCKET_WRITE("socket write", "until the kernel took what it sent"),
  FILE("file", "a read, a write or a force of a file"),
  PINNED("pinned", "it waited and held its carrier"),
  PARKED("parked", "another thread, by java.util.concurrent, and it held its carrier"),
  OBJECT("Object.wait", "to be notified"),
  SLEEP("sleep", "time to pass"),
  TRANSACTION("in a transaction", "within a transaction, none of the above"),
  REST("rest", "ran, was ready to run, or waited too briefly to be recorded");

  private final String title;
  private final String about;

  WaitKind(String title, String about) {
    this.title = title;
    this.about = about;
  }

  /// What it is called, in a word or two.
  public String title() {
    return title;
  }

  /// What that is.
  public String about() {
    return about;
  }
}
