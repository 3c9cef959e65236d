package com.telconova.local.report.figures;

/// What a sample of a process tells (`microflow.Process`), by the name of its field there.
public enum Counter {
  USER_TIME("userTime"),
  SYSTEM_TIME("systemTime"),
  RUN_QUEUE_WAIT("runQueueWait"),
  VOLUNTARY_SWITCHES("voluntarySwitches"),
  INVOLUNTARY_SWITCHES("involuntarySwitches"),
  MINOR_FAULTS("minorFaults"),
  MAJOR_FAULTS("majorFaults"),
  RESIDENT("residentMemory"),
  PEAK_RESIDENT("peakResidentMemory"),
  PROPORTIONAL("proportionalMemory"),
  ANONYMOUS("anonymousMemory"),
  FILE("fileMemory"),
  SHARED("sharedMemory"),
  SWAPPED("swappedMemory"),
  PAGE_TABLES("pageTables"),
  HEAP_USED("heapUsed"),
  HEAP_COMMITTED("heapCommitted"),
  METASPACE("metaspaceCommitted"),
  CODE("codeCommitted"),
  DIRECT("directBuffers"),
  ALLOCATED("allocated"),
  PLATFORM_THREADS("platformThreads"),
  CARRIER_THREADS("carrierThreads"),
  MOUNTED("mountedVirtualThreads"),
  QUEUED("queuedVirtualThreads"),
  DESCRIPTORS("descriptors"),
  SOCKETS("sockets"),
  FILES("files"),
  PIPES("pipes"),
  EVENT_POLLS("eventPolls"),
  MAX_DESCRIPTORS("maxDescriptors"),
  BYTES_READ("bytesRead"),
  BYTES_WRITTEN("bytesWritten"),
  READ_CALLS("readCalls"),
  WRITE_CALLS("writeCalls"),
  DISK_READ("diskBytesRead"),
  DISK_WRITTEN("diskBytesWritten");

  private final String field;

  Counter(String field) {
    this.field = field;
  }

  String field() {
    return field;
  }
}
