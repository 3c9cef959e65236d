package com.telconova.local.report.figures;

/// What threads are there for, by the name that the kernel keeps (15 characters, numbers at the end
/// cut).
public enum ThreadKind {
  CARRIER("carriers", "carry virtual threads: requests, and the handling of events"),
  POLLER("queue pollers", "poll the queue, and do nothing else"),
  RELAY("outbox relay", "publishes what the outbox holds"),
  SENDER("notifications", "sends mails and messages"),
  PASSWORD("password hashing", "computes Argon2id"),
  SERVER("HTTP server", "accepts connections, and looks which of them has something to read"),
  POOL("connection pool", "keeps connections to the database"),
  COMPILER("compiler", "turns bytecode into machine code"),
  COLLECTOR("GC", "collects garbage, beside the VM thread"),
  VM("VM thread", "safepoints, and with the serial collector every collection"),
  RECORDER("JFR", "records what this report is made of"),
  RUNTIME("JVM, other", "signals, references, timers of the JVM"),
  MAIN("main", "starts and stops"),
  OTHER("other", "everything else");

  private final String title;
  private final String about;

  ThreadKind(String title, String about) {
    this.title = title;
    this.about = about;
  }

  public String title() {
    return title;
  }

  /// What such threads do, in a few words.
  public String about() {
    return about;
  }

  /// @param name as the kernel has it
  /// @param carriers whether the process says that they carry virtual threads
  static ThreadKind of(String name, boolean carriers) {
    if (carriers) {
      return CARRIER;
    }
    if (name.startsWith("microflow-")) {
      return POLLER;
    }
    return switch (name) {
      case "outbox-relay" -> RELAY;
      case "notification-se" -> SENDER;
      case "password" -> PASSWORD;
      case "VM Thread" -> VM;
      case "java", "main", "DestroyJavaVM" -> MAIN;
      default -> byBeginning(name);
    };
  }

  private static ThreadKind byBeginning(String name) {
    if (begins(name, "C1 Compiler", "C2 Compiler", "JVMCI")) {
      return COMPILER;
    }
    if (begins(name, "GC Thread", "G1 ", "ZDirector", "ZDriver", "ZWorker", "Shenandoah")) {
      return COLLECTOR;
    }
    if (begins(name, "http", "HTTP-", "qtp", "Connector-Sched")) {
      return SERVER;
    }
    if (begins(name, "HikariPool", "database:", "PostgreSQL-JDBC")) {
      return POOL;
    }
    if (begins(name, "JFR ")) {
      return RECORDER;
    }
    return begins(
            name,
            "VM Periodic",
            "VirtualThread-u",
            "MasterPoller",
            "Read-Poller",
            "Write-Poller",
            "Signal Dispatch",
            "Service Thread",
            "Monitor Deflati",
            "Reference Handl",
            "Finalizer",
            "Common-Cleaner",
            "Notification Th",
            "Attach Listener",
            "Cleaner",
            "process reaper")
        ? RUNTIME
        : OTHER;
  }

  private static boolean begins(String name, String... beginnings) {
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
