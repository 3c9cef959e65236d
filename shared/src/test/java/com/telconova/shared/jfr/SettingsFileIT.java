package com.telconova.shared.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

final class SettingsFileIT {
  private final Map<String, String> settings = SettingsFile.read();
  private final Map<String, EventType> types =
      FlightRecorder.getFlightRecorder().getEventTypes().stream()
          .collect(Collectors.toMap(EventType::getName, type -> type));

  /// Every text that one of our recordings can hold, and what it is. Whoever adds an event says
  /// here that none of its texts can be an environment variable, a property or a command line.
  private static final Map<String, String> REVIEWED =
      Map.ofEntries(
          Map.entry("jdk.ActiveRecording#name", "ours"),
          Map.entry("jdk.ActiveRecording#destination", "a file's name"),
          Map.entry("jdk.ActiveSetting#name", "of a setting"),
          Map.entry("jdk.ActiveSetting#value", "this file's"),
          Map.entry("jdk.DumpReason#reason", "the JDK's"),
          Map.entry("jdk.Shutdown#reason", "the JDK's"),
          Map.entry("jdk.OSInformation#osVersion", "the kernel"),
          Map.entry("jdk.CPUInformation#cpu", "the processor"),
          Map.entry("jdk.CPUInformation#description", "the processor"),
          Map.entry("jdk.VirtualizationInformation#name", "the hypervisor"),
          Map.entry("jdk.ContainerConfiguration#containerType", "version of cgroups"),
          Map.entry("jdk.GCPhasePause#name", "the JDK's"),
          Map.entry("jdk.CodeCacheFull#codeBlobType", "the JDK's"),
          Map.entry("jdk.CodeCacheStatistics#codeBlobType", "the JDK's"),
          Map.entry("jdk.Compilation#compiler", "the JDK's"),
          Map.entry("jdk.ExecuteVMOperation#operation", "the JDK's"),
          Map.entry("jdk.ExecutionSample#state", "of a thread"),
          Map.entry("jdk.GCConfiguration#oldCollector", "the JDK's"),
          Map.entry("jdk.GCConfiguration#youngCollector", "the JDK's"),
          Map.entry("jdk.GCHeapConfiguration#compressedOopsMode", "the JDK's"),
          Map.entry("jdk.GCHeapSummary#when", "before or after"),
          Map.entry("jdk.MetaspaceSummary#when", "before or after"),
          Map.entry("jdk.GarbageCollection#cause", "the JDK's"),
          Map.entry("jdk.GarbageCollection#name", "the JDK's"),
          Map.entry("jdk.NetworkUtilization#networkInterface", "its name"),
          Map.entry("jdk.FileRead#path", "a file's name"),
          Map.entry("jdk.FileWrite#path", "a file's name"),
          Map.entry("jdk.FileForce#path", "a file's name"),
          Map.entry("jdk.SocketRead#host", "a peer's name"),
          Map.entry("jdk.SocketRead#address", "a peer's address"),
          Map.entry("jdk.SocketWrite#host", "a peer's name"),
          Map.entry("jdk.SocketWrite#address", "a peer's address"),
          Map.entry("jdk.VirtualThreadPinned#blockingOperation", "the JDK's"),
          Map.entry("jdk.VirtualThreadPinned#pinnedReason", "the JDK's"),
          Map.entry("jdk.VirtualThreadSubmitFailed#exceptionMessage", "the scheduler's"));

  @Test
  void no_text_of_an_event_is_one_that_can_hold_a_secret() {
    Set<String> texts = new TreeSet<>();
    for (String name : events()) {
      if (name.startsWith("jdk.")) {
        for (ValueDescriptor field : types.get(name).getFields()) {
          if (field.getTypeName().equals("java.lang.String")) {
            texts.add(name + "#" + field.getName());
          }
        }
      }
    }

    assertThat(texts).isNotEmpty().isSubsetOf(REVIEWED.keySet());
    assertThat(events())
        .doesNotContain(
            "jdk.InitialEnvironmentVariable",
            "jdk.InitialSystemProperty",
            "jdk.InitialSecurityProperty",
            "jdk.JVMInformation",
            "jdk.SystemProcess",
            "jdk.ProcessStart",
            "jdk.StringFlag",
            "jdk.StringFlagChanged",
            "jdk.JavaAgent",
            "jdk.NativeAgent",
            "jdk.JavaExceptionThrow",
            "jdk.JavaErrorThrow");
  }

  @Test
  void every_event_and_every_setting_is_one_that_this_jdk_has() {
    Map<String, String> unknown = new TreeMap<>();
    settings.forEach((key, value) -> {
      List<String> parts = List.of(key.split("#"));
      EventType type = types.get(parts.getFirst());
      boolean ours = !parts.getFirst().startsWith("jdk.");
      if (!ours
          && (type == null
              || type.getSettingDescriptors().stream()
                  .map(SettingDescriptor::getName)
                  .noneMatch(parts.getLast()::equals))) {
        unknown.put(key, value);
      }
    });

    assertThat(settings).hasSizeGreaterThan(100);
    assertThat(unknown).isEmpty();
  }

  @Test
  void what_is_frequent_has_a_threshold_and_a_limit() {
    for (String event : List.of("FileRead", "FileWrite", "SocketRead", "SocketWrite")) {
      assertThat(settings)
          .containsEntry("jdk." + event + "#threshold", "1 ms")
          .containsEntry("jdk." + event + "#throttle", "100/s");
    }
    assertThat(settings)
        .containsEntry("jdk.VirtualThreadPinned#threshold", "20 ms")
        .containsEntry("jdk.ThreadCPULoad#period", "10 s")
        .containsEntry("jdk.ContainerCPUThrottling#period", "30 s")
        .containsEntry("jdk.ContainerMemoryUsage#period", "30 s")
        .doesNotContainKeys("jdk.ThreadContextSwitchRate#enabled", "jdk.CPUTimeSample#enabled");
  }

  private Set<String> events() {
    return settings.keySet().stream()
        .map(key -> key.substring(0, key.indexOf('#')))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
