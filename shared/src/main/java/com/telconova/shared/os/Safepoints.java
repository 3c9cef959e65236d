package com.telconova.shared.os;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/// How often and how long the JVM stopped all threads, for collections and everything else. HotSpot
/// tells it in a bean that is not among the platform's, needs performance data (`-XX:+UsePerfData`,
/// with `-XX:+PerfDisableSharedMem` for none of its files), and a jar whose manifest exports
/// `java.management/sun.management`; without, the metrics are left out. It is asked directly: the
/// way by an MBean server takes 70 ms of every start, and a megabyte.
final class Safepoints implements Part {
  private static final double MILLIS = 1e3;

  /// HotSpot's bean and what is asked of it.
  private record Bean(Object bean, Method count, Method took, Method reached) {
    double number(Method method) throws ReflectiveOperationException {
      return ((Number) method.invoke(bean)).doubleValue();
    }
  }

  private final Optional<Bean> bean;

  private Safepoints(Optional<Bean> bean) {
    this.bean = bean;
  }

  static Safepoints open() {
    try {
      Method get =
          Class.forName("sun.management.ManagementFactoryHelper")
              .getMethod("getHotspotRuntimeMBean");
      Class<?> type = Class.forName("sun.management.HotspotRuntimeMBean");
      Bean bean =
          new Bean(
              get.invoke(null),
              type.getMethod("getSafepointCount"),
              type.getMethod("getTotalSafepointTime"),
              type.getMethod("getSafepointSyncTime"));
      bean.number(bean.count);
      return new Safepoints(Optional.of(bean));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return new Safepoints(Optional.empty());
    }
  }

  @Override
  public void collect(Scrape scrape) {
    if (bean.isEmpty()) {
      return;
    }
    Bean known = bean.get();
    var took =
        scrape.summary(
            "jvm_safepoint_duration_seconds",
            "Pauses in which the JVM stopped all threads, for whatever reason.");
    var reached =
        scrape.counter(
            "jvm_safepoint_sync_seconds", "How long it took until all threads had stopped.");
    try {
      took.addMetric(List.of(), known.number(known.count), known.number(known.took) / MILLIS);
      reached.add(known.number(known.reached) / MILLIS);
    } catch (ReflectiveOperationException e) {
      // left out of this scrape
    }
  }
}
