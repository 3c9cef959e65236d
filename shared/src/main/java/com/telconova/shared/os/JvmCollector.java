package com.telconova.shared.os;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.util.List;
import java.util.Optional;
import jdk.management.VirtualThreadSchedulerMXBean;

/// What the JVM says of itself: memory pools, buffers outside the heap, collections, safepoints,
/// threads in Java's words, and the scheduler of virtual threads. Names as OpenTelemetry has them
/// (semantic conventions for JVM metrics), where it has one.
final class JvmCollector implements Part {
  private static final double MILLIS = 1e3;
  private static final Thread.State[] STATES = Thread.State.values();

  private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
  private final List<BufferPoolMXBean> buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
  private final CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
  private final Optional<VirtualThreadSchedulerMXBean> scheduler;
  private final Safepoints safepoints = Safepoints.open();

  JvmCollector(Optional<VirtualThreadSchedulerMXBean> scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void collect(Scrape scrape) {
    memory(scrape);
    buffers(scrape);
    collections(scrape);
    threads(scrape);
    safepoints.collect(scrape);
    scrape
        .gauge("jvm_cpu_count", "Processors that the JVM believes it has.")
        .add(Runtime.getRuntime().availableProcessors());
    scrape.gauge("jvm_class_count", "Classes that are loaded.").add(classes.getLoadedClassCount());
    if (compilation != null && compilation.isCompilationTimeMonitoringSupported()) {
      scrape
          .counter("jvm_compilation_seconds", "Time spent compiling to machine code.")
          .add(compilation.getTotalCompilationTime() / MILLIS);
    }
  }

  private void memory(Scrape scrape) {
    String[] labels = {"jvm_memory_type", "jvm_memory_pool_name"};
    var used = scrape.gauge("jvm_memory_used_bytes", "Memory the JVM uses, by pool.", labels);
    var committed =
        scrape.gauge(
            "jvm_memory_committed_bytes", "Memory it has from the system, by pool.", labels);
    var limit = scrape.gauge("jvm_memory_limit_bytes", "What a pool may grow to.", labels);
    var after =
        scrape.gauge(
            "jvm_memory_used_after_last_gc_bytes",
            "What was in use after the last collection of a pool: what is really needed.",
            labels);
    for (MemoryPoolMXBean pool : pools) {
      String type = pool.getType() == MemoryType.HEAP ? "heap" : "non_heap";
      MemoryUsage now = pool.getUsage();
      if (now == null) {
        continue;
      }
      used.add(now.getUsed(), type, pool.getName());
      committed.add(now.getCommitted(), type, pool.getName());
      limit.add(now.getMax() < 0 ? Double.NaN : now.getMax(), type, pool.getName());
      MemoryUsage then = pool.getCollectionUsage();
      after.add(then == null ? Double.NaN : then.getUsed(), type, pool.getName());
    }
  }

  private void buffers(Scrape scrape) {
    var used =
        scrape.gauge(
            "jvm_buffer_memory_used_bytes",
            "Memory of buffers outside the heap: direct ones, and mapped files.",
            "jvm_buffer_pool_name");
    var count = scrape.gauge("jvm_buffer_count", "How many there are.", "jvm_buffer_pool_name");
    for (BufferPoolMXBean pool : buffers) {
      used.add(pool.getMemoryUsed(), pool.getName());
      count.add(pool.getCount(), pool.getName());
    }
  }

  private void collections(Scrape scrape) {
    var took =
        scrape.summary(
            "jvm_gc_duration_seconds",
            "Garbage collections and how long they took.",
            "jvm_gc_name");
    for (GarbageCollectorMXBean collector : collectors) {
      took.addMetric(
          List.of(collector.getName()),
          collector.getCollectionCount(),
          collector.getCollectionTime() / MILLIS);
    }
    scrape
        .counter("jvm_memory_allocated_bytes", "What all threads ever allocated on the heap.")
        .add(threads.getTotalThreadAllocatedBytes());
  }

  private void threads(Scrape scrape) {
    var counts = new int[STATES.length];
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds(), 0)) {
      if (thread != null) {
        counts[thread.getThreadState().ordinal()]++;
      }
    }
    var states =
        scrape.gauge(
            "jvm_thread_count",
            "Platform threads of Java by its own states; a thread that reads from a socket is"
                + " runnable to Java and sleeps for the system.",
            "jvm_thread_state");
    for (Thread.State state : STATES) {
      if (state != Thread.State.NEW && state != Thread.State.TERMINATED) {
        states.add(counts[state.ordinal()], state.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    scrape
        .counter("jvm_threads_started", "Platform threads that were ever started.")
        .add(threads.getTotalStartedThreadCount());
    scheduler.ifPresent(virtual ->
        scrape
            .gauge(
                "jvm_virtual_thread_scheduler_parallelism",
                "How many carriers run virtual threads at once.")
            .add(virtual.getParallelism()));
  }
}
