package com.telconova.shared.os;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// How often and how long the JVM stopped all threads, for collections and everything else. HotSpot
/// tells it in an MBean that is not there until asked for, needs performance data
/// (`-XX:+UsePerfData`, with `-XX:+PerfDisableSharedMem` for none of its files), and a jar whose
/// manifest opens `java.management/sun.management`; without, the metrics are left out.
final class Safepoints implements Part {
  private static final double MILLIS = 1e3;

  private final MBeanServer server;
  private final Optional<ObjectName> runtime;

  private Safepoints(MBeanServer server, Optional<ObjectName> runtime) {
    this.server = server;
    this.runtime = runtime;
  }

  static Safepoints open() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      var runtime = new ObjectName("sun.management:type=HotspotRuntime");
      if (!server.isRegistered(runtime)) {
        makeKnown(server);
      }
      server.getAttribute(runtime, "SafepointCount");
      return new Safepoints(server, Optional.of(runtime));
    } catch (JMException | RuntimeException e) {
      return new Safepoints(server, Optional.empty());
    }
  }

  /// Whoever comes first makes it known to all.
  private static void makeKnown(MBeanServer server) throws JMException {
    try {
      server.createMBean("sun.management.HotspotInternal", null);
    } catch (InstanceAlreadyExistsException e) {
      // another collector of this JVM did
    }
  }

  @Override
  public void collect(Scrape scrape) {
    if (runtime.isEmpty()) {
      return;
    }
    var took =
        scrape.summary(
            "jvm_safepoint_duration_seconds",
            "Pauses in which the JVM stopped all threads, for whatever reason.");
    var reached =
        scrape.counter(
            "jvm_safepoint_sync_seconds", "How long it took until all threads had stopped.");
    try {
      took.addMetric(List.of(), number("SafepointCount"), number("TotalSafepointTime") / MILLIS);
      reached.add(number("SafepointSyncTime") / MILLIS);
    } catch (JMException e) {
      // left out of this scrape
    }
  }

  private double number(String attribute) throws JMException {
    return ((Number) server.getAttribute(runtime.orElseThrow(), attribute)).doubleValue();
  }
}
