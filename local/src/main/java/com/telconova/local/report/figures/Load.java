package com.telconova.local.report.figures;

import jdk.jfr.consumer.RecordedEvent;

/// What the JVM says of processors and threads, each second or each ten, and what the machine is.
public final class Load {
  private final Buckets process;
  private final Buckets machine;
  private final Buckets javaThreads;
  private final Buckets resident;
  private long processors = Fields.UNKNOWN;
  private long machineMemory = Fields.UNKNOWN;
  private String system = "";
  private String processor = "";
  private long started;
  private long ended;
  private long lost;
  private long highestJavaThreads = Fields.UNKNOWN;
  private long highestResident = Fields.UNKNOWN;

  Load(Axis axis) {
    process = new Buckets(axis);
    machine = new Buckets(axis);
    javaThreads = new Buckets(axis);
    resident = new Buckets(axis);
  }

  void register(Events events) {
    events
        .on("jdk.CPULoad", this::load)
        .on("jdk.CPUInformation", this::processor)
        .on("jdk.OSInformation", event -> system = Fields.text(event, "osVersion"))
        .on("jdk.PhysicalMemory", event -> machineMemory = Fields.number(event, "totalSize"))
        .on("jdk.JavaThreadStatistics", this::threads)
        .on("jdk.ResidentSetSize", this::resident)
        .on("jdk.ThreadStart", event -> started++)
        .on("jdk.ThreadEnd", event -> ended++)
        .on("jdk.DataLoss", event -> lost += Math.max(0, Fields.number(event, "amount")));
  }

  private void load(RecordedEvent event) {
    double user = Fields.real(event, "jvmUser");
    double kernel = Fields.real(event, "jvmSystem");
    if (!Double.isNaN(user + kernel)) {
      process.add(Fields.start(event), user + kernel);
    }
    double all = Fields.real(event, "machineTotal");
    if (!Double.isNaN(all)) {
      machine.add(Fields.start(event), all);
    }
  }

  private void processor(RecordedEvent event) {
    processors = Fields.number(event, "hwThreads");
    processor = Fields.text(event, "cpu");
  }

  private void threads(RecordedEvent event) {
    long count = Fields.number(event, "activeCount");
    javaThreads.add(Fields.start(event), count);
    highestJavaThreads = Math.max(highestJavaThreads, count);
  }

  private void resident(RecordedEvent event) {
    long size = Fields.number(event, "size");
    resident.add(Fields.start(event), size);
    highestResident = Math.max(highestResident, size);
  }

  /// The share of all processors that the process used, 0 to 1.
  public Buckets process() {
    return process;
  }

  /// The share of all processors that anybody used, 0 to 1.
  public Buckets machine() {
    return machine;
  }

  /// Platform threads of Java.
  public Buckets javaThreads() {
    return javaThreads;
  }

  /// -1 when it is not known.
  public long highestJavaThreads() {
    return highestJavaThreads;
  }

  /// Resident memory as the JVM says it.
  public Buckets resident() {
    return resident;
  }

  /// -1 when it is not known.
  public long highestResident() {
    return highestResident;
  }

  /// -1 when it is not known.
  public long processors() {
    return processors;
  }

  /// In bytes; -1 when it is not known.
  public long machineMemory() {
    return machineMemory;
  }

  public String processor() {
    return processor;
  }

  public String system() {
    return system;
  }

  /// Platform threads of Java that began.
  public long threadsStarted() {
    return started;
  }

  public long threadsEnded() {
    return ended;
  }

  /// Bytes of the recording that were lost.
  public long lost() {
    return lost;
  }
}
