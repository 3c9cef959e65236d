package com.telconova.shared.os;

import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/// What the process costs the operating system, in a recording. Numbers of what only grows count
/// from the process's beginning; -1 where it is not known.
@Name("microflow.Process")
@Label("Process")
@Description("What the process costs the operating system, from /proc/self")
@Category({"MicroFlow", "Operating System"})
@Period("10 s")
@StackTrace(false)
final class ProcessEvent extends Event {
  private static final Set<String> PARTS =
      Set.of("cpu", "memory", "io", "threads", "descriptors", "jvm");
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  @Label("Service")
  private String service;

  @Label("Process Id")
  private long pid;

  @Label("Process Start")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  private long processStart;

  @Label("User Time")
  @Timespan(Timespan.NANOSECONDS)
  private long userTime;

  @Label("System Time")
  @Timespan(Timespan.NANOSECONDS)
  private long systemTime;

  @Label("Run Queue Wait")
  @Description("How long threads were ready to run and waited for a processor, all together")
  @Timespan(Timespan.NANOSECONDS)
  private long runQueueWait;

  @Label("Voluntary Context Switches")
  private long voluntarySwitches;

  @Label("Involuntary Context Switches")
  private long involuntarySwitches;

  @Label("Minor Page Faults")
  private long minorFaults;

  @Label("Major Page Faults")
  private long majorFaults;

  @Label("Resident Memory")
  @DataAmount
  private long residentMemory;

  @Label("Proportional Memory")
  @Description("What is shared with other processes is divided among them (PSS)")
  @DataAmount
  private long proportionalMemory;

  @Label("Anonymous Memory")
  @DataAmount
  private long anonymousMemory;

  @Label("File Memory")
  @Description("Mapped files: the JVM's libraries, jars")
  @DataAmount
  private long fileMemory;

  @Label("Shared Memory")
  @DataAmount
  private long sharedMemory;

  @Label("Page Tables")
  @DataAmount
  private long pageTables;

  @Label("Peak Resident Memory")
  @DataAmount
  private long peakResidentMemory;

  @Label("Swapped Memory")
  @DataAmount
  private long swappedMemory;

  @Label("Heap Used")
  @DataAmount
  private long heapUsed;

  @Label("Heap Committed")
  @Description("What the JVM has from the system for it")
  @DataAmount
  private long heapCommitted;

  @Label("Metaspace Committed")
  @DataAmount
  private long metaspaceCommitted;

  @Label("Code Committed")
  @DataAmount
  private long codeCommitted;

  @Label("Direct Buffers")
  @DataAmount
  private long directBuffers;

  @Label("Allocated")
  @Description("All that was ever allocated on the heap")
  @DataAmount
  private long allocated;

  @Label("Platform Threads")
  private long platformThreads;

  @Label("Carrier Threads")
  private long carrierThreads;

  @Label("Mounted Virtual Threads")
  private long mountedVirtualThreads;

  @Label("Queued Virtual Threads")
  private long queuedVirtualThreads;

  @Label("Descriptors")
  private long descriptors;

  @Label("Sockets")
  private long sockets;

  @Label("Files")
  private long files;

  @Label("Pipes")
  private long pipes;

  @Label("Event Polls")
  private long eventPolls;

  @Label("Descriptor Limit")
  private long maxDescriptors;

  @Label("Bytes Read")
  @Description("By system calls, from files, pipes and sockets")
  @DataAmount
  private long bytesRead;

  @Label("Bytes Written")
  @DataAmount
  private long bytesWritten;

  @Label("Read Calls")
  private long readCalls;

  @Label("Write Calls")
  private long writeCalls;

  @Label("Disk Bytes Read")
  @DataAmount
  private long diskBytesRead;

  @Label("Disk Bytes Written")
  @DataAmount
  private long diskBytesWritten;

  /// @param collect reads these parts of a scrape
  static void commit(String service, Function<Set<String>, List<MetricFamilySamples>> collect) {
    var event = new ProcessEvent();
    if (event.isEnabled()) {
      event.service = service;
      event.pid = ProcessHandle.current().pid();
      event.fill(new Found(collect.apply(PARTS)));
      event.commit();
    }
  }

  private void fill(Found found) {
    processStart = found.of("process_start_time_seconds", MILLIS);
    userTime = found.of("process_cpu_seconds_total", NANOS, "user");
    systemTime = found.of("process_cpu_seconds_total", NANOS, "system");
    runQueueWait = found.of("process_runqueue_wait_seconds_total", NANOS);
    voluntarySwitches = found.of("process_context_switches_total", 1, "voluntary");
    involuntarySwitches = found.of("process_context_switches_total", 1, "involuntary");
    minorFaults = found.of("process_page_faults_total", 1, "minor");
    majorFaults = found.of("process_page_faults_total", 1, "major");
    residentMemory = found.of("process_memory_bytes", 1, "rss");
    proportionalMemory = found.of("process_memory_bytes", 1, "pss");
    anonymousMemory = found.of("process_memory_bytes", 1, "anonymous");
    fileMemory = found.of("process_memory_bytes", 1, "file");
    sharedMemory = found.of("process_memory_bytes", 1, "shmem");
    pageTables = found.of("process_memory_bytes", 1, "page_tables");
    peakResidentMemory = found.of("process_memory_bytes", 1, "peak_rss");
    swappedMemory = found.of("process_memory_bytes", 1, "swap");
    heapUsed = found.of("jvm_memory_used_bytes", 1, "heap");
    heapCommitted = found.of("jvm_memory_committed_bytes", 1, "heap");
    metaspaceCommitted = found.of("jvm_memory_committed_bytes", 1, "non_heap", "Metaspace");
    codeCommitted = found.of("jvm_memory_committed_bytes", 1, "non_heap", "Code*");
    directBuffers = found.of("jvm_buffer_memory_used_bytes", 1, "direct");
    allocated = found.of("jvm_memory_allocated_bytes_total", 1);
    platformThreads = found.of("process_threads", 1, "platform");
    carrierThreads = found.of("process_threads", 1, "carrier");
    mountedVirtualThreads = found.of("process_threads", 1, "virtual", "mounted");
    queuedVirtualThreads = found.of("process_threads", 1, "virtual", "queued");
    descriptors = found.of("process_fds", 1);
    sockets = found.of("process_fds", 1, "socket");
    files = found.of("process_fds", 1, "file");
    pipes = found.of("process_fds", 1, "pipe");
    eventPolls = found.of("process_fds", 1, "eventpoll");
    maxDescriptors = found.of("process_max_fds", 1);
    bytesRead = found.of("process_io_bytes_total", 1, "read", "syscall");
    bytesWritten = found.of("process_io_bytes_total", 1, "write", "syscall");
    readCalls = found.of("process_io_syscalls_total", 1, "read");
    writeCalls = found.of("process_io_syscalls_total", 1, "write");
    diskBytesRead = found.of("process_io_bytes_total", 1, "read", "disk");
    diskBytesWritten = found.of("process_io_bytes_total", 1, "write", "disk");
  }

  private record Found(List<MetricFamilySamples> families) {
    /// The sum of a name's series whose labels have these values first; one that ends in `*` begins
    /// so: a JVM has its code in one pool or in three.
    long of(String name, double unit, String... labels) {
      List<String> begin = List.of(labels);
      double sum = 0;
      boolean known = false;
      for (MetricFamilySamples family : families) {
        for (MetricFamilySamples.Sample sample : family.samples) {
          if (sample.name.equals(name)
              && sample.labelValues.size() >= begin.size()
              && begins(sample.labelValues, begin)) {
            sum += sample.value;
            known = true;
          }
        }
      }
      return known ? Math.round(sum * unit) : -1;
    }

    private static boolean begins(List<String> values, List<String> begin) {
      for (int i = 0; i < begin.size(); i++) {
        String wanted = begin.get(i);
        boolean any = wanted.endsWith("*");
        if (any
            ? !values.get(i).startsWith(wanted.substring(0, wanted.length() - 1))
            : !values.get(i).equals(wanted)) {
          return false;
        }
      }
      return true;
    }
  }
}
