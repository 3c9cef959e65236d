package com.telconova.local.report.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import jdk.jfr.consumer.RecordedEvent;

/// What a process said of itself from time to time. Of what only grows, the difference between the
/// first sample and the last is told: for exactly that span, and not at all where there is one
/// sample, or a number that is not known.
public final class Samples {
  /// So many are kept; beyond them, every second one goes, but never the first or the last.
  private static final int MAX = 1_024;

  /// A process tells 65 names apart.
  private static final int MAX_GROUPS = 80;

  private record Group(long at, String name, ThreadGroup group) {}

  private List<Sample> samples = new ArrayList<>();
  private List<Group> groups = new ArrayList<>();
  private boolean sorted = true;
  private boolean thinned;
  private String service = "";
  private long pid = -1;

  void register(Events events) {
    events.on("microflow.Process", this::add).on("microflow.ThreadGroup", this::addGroup);
  }

  private void add(RecordedEvent event) {
    var values = new Sample.Values();
    for (Counter counter : Counter.values()) {
      values.set(counter, Fields.number(event, counter.field()));
    }
    if (service.isEmpty()) {
      service = Fields.text(event, "service");
      pid = Fields.number(event, "pid");
    }
    add(Sample.of(Fields.start(event), values));
  }

  void add(Sample sample) {
    samples.add(sample);
    sorted = false;
    if (samples.size() > MAX) {
      thin();
    }
  }

  private void addGroup(RecordedEvent event) {
    String name = Fields.text(event, "name");
    var group =
        new ThreadGroup(
            ThreadKind.of(name, Fields.flag(event, "carriers")),
            Fields.number(event, "threads"),
            Fields.number(event, "cpuTime"),
            Fields.number(event, "runQueueWait"),
            Fields.number(event, "voluntarySwitches"),
            Fields.number(event, "involuntarySwitches"),
            Fields.number(event, "bytesRead"),
            Fields.number(event, "bytesWritten"));
    addGroup(Fields.start(event), name, group);
  }

  /// @param at a moment after the sample that it belongs to, and before the next one
  void addGroup(long at, String name, ThreadGroup group) {
    groups.add(new Group(at, name, group));
    sorted = false;
    if (groups.size() > MAX * MAX_GROUPS) {
      thin();
    }
  }

  private void thin() {
    sort();
    thinned = true;
    var kept = new ArrayList<Sample>();
    for (int i = 0; i < samples.size(); i++) {
      if (i % 2 == 0 || i == samples.size() - 1) {
        kept.add(samples.get(i));
      }
    }
    samples = kept;
  }

  /// In order of time, each group with the sample it belongs to.
  private void sort() {
    if (sorted) {
      return;
    }
    samples.sort(Comparator.comparingLong(Sample::at));
    var byTime = new TreeMap<Long, Sample>();
    samples.forEach(sample -> byTime.put(sample.at(), sample));
    var early = new ArrayList<Group>();
    for (Group group : groups) {
      var sample = byTime.floorEntry(group.at());
      if (sample == null) {
        early.add(group); // its sample may come yet: files are not in order
      } else if (sample.getValue().groups().size() < MAX_GROUPS) {
        sample.getValue().groups().putIfAbsent(group.name(), group.group());
      }
    }
    groups = early.size() > MAX * MAX_GROUPS ? new ArrayList<>() : early;
    sorted = true;
  }

  /// Of whom the process says that it is; empty when it does not.
  public String service() {
    return service;
  }

  /// -1 when it is not known.
  public long pid() {
    return pid;
  }

  /// In order of time.
  public List<Sample> all() {
    sort();
    return List.copyOf(samples);
  }

  /// Whether only some of them are kept.
  public boolean isThinned() {
    return thinned;
  }

  public boolean isEmpty() {
    return samples.isEmpty();
  }

  public Optional<Sample> first() {
    sort();
    return samples.isEmpty() ? Optional.empty() : Optional.of(samples.getFirst());
  }

  public Optional<Sample> last() {
    sort();
    return samples.isEmpty() ? Optional.empty() : Optional.of(samples.getLast());
  }

  /// From the first to the last, in nanoseconds; empty with fewer than two.
  public OptionalLong span() {
    sort();
    return samples.size() < 2
        ? OptionalLong.empty()
        : OptionalLong.of(samples.getLast().at() - samples.getFirst().at());
  }

  /// What was added from the first sample to the last.
  public OptionalLong added(Counter counter) {
    return added(sample -> sample.of(counter));
  }

  /// User and system time from the first sample to the last, in nanoseconds.
  public OptionalLong cpu() {
    return added(Sample::cpu);
  }

  private OptionalLong added(ToLongFunction<Sample> number) {
    sort();
    if (samples.size() < 2) {
      return OptionalLong.empty();
    }
    return added(samples.getFirst(), samples.getLast(), number);
  }

  /// What was added from one sample to another; empty where either does not know, or where it fell:
  /// then they are of two processes.
  public static OptionalLong added(Sample from, Sample to, ToLongFunction<Sample> number) {
    long first = number.applyAsLong(from);
    long last = number.applyAsLong(to);
    return first < 0 || last < first ? OptionalLong.empty() : OptionalLong.of(last - first);
  }

  /// The largest that any sample says; empty when none does.
  public OptionalLong highest(Counter counter) {
    return samples.stream().mapToLong(sample -> sample.of(counter)).filter(n -> n >= 0).max();
  }

  /// What threads cost from one sample to another, by kind; empty unless both tell of threads. A
  /// name that the first does not have began after it.
  public static Map<ThreadKind, ThreadGroup> kinds(Sample from, Sample to) {
    var kinds = new EnumMap<ThreadKind, ThreadGroup>(ThreadKind.class);
    if (!from.groups().isEmpty()) {
      to.groups()
          .forEach((name, group) -> {
            var before = from.groups().getOrDefault(name, ThreadGroup.NOTHING);
            kinds.merge(group.kind(), group.since(before), ThreadGroup::plus);
          });
    }
    return kinds;
  }

  /// The first and the last sample that tell of threads; empty unless there are two.
  public List<Sample> endsWithThreads() {
    var telling = all().stream().filter(sample -> !sample.groups().isEmpty()).toList();
    return telling.size() < 2 ? List.of() : List.of(telling.getFirst(), telling.getLast());
  }
}
