package com.telconova.shared.os;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/// The threads that the operating system schedules, by kind, state, name and what they wait for,
/// and the virtual threads that Java schedules on some of them.
///
/// The kernel forgets a thread that ends. What was counted for one is added up scrape by scrape, so
/// that no counter here falls; what a thread did after the last scrape of its life is not in it
/// (but it is in what [Usage] tells of the whole process).
final class Threads implements Part {
  /// How many names and places to wait at are told apart; the rest is `other`.
  private static final int NAMES = 64;

  // What the kernel keeps of a thread's name.
  private static final int NAME_LENGTH = 15;
  private static final double NANOS = 1e9;

  private final ProcFile file;
  private final String tasks;
  private final Optional<VirtualThreadSchedulerMXBean> scheduler;
  private final Supplier<Optional<String>> carrierName;
  private final Map<String, Task> known = new HashMap<>();
  private final Map<String, Totals> named = new TreeMap<>();
  private Optional<String> carrier = Optional.empty();
  private double runQueueWait;
  private boolean waitIsKnown;
  private Counts last = new Counts();
  private long round;

  /// @param scheduler of virtual threads; empty for a process that is not this one
  /// @param carrierName what a carrier thread is called; empty while there is none
  Threads(
      ProcFile file,
      Path process,
      Optional<VirtualThreadSchedulerMXBean> scheduler,
      Supplier<Optional<String>> carrierName) {
    this.file = file;
    this.tasks = process + "/task";
    this.scheduler = scheduler;
    this.carrierName = carrierName;
  }

  /// What the carrier threads of this JVM are called, from the group that they are in. Their pool's
  /// number depends on who made a pool first.
  static Optional<String> carriersOfThisProcess() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    var groups = new ThreadGroup[root.activeGroupCount() + 8];
    int count = root.enumerate(groups, false);
    var one = new Thread[1];
    for (int i = 0; i < count; i++) {
      if (groups[i].getName().equals("CarrierThreads") && groups[i].enumerate(one, false) > 0) {
        return Optional.of(one[0].getName());
      }
    }
    return Optional.empty();
  }

  @Override
  public void collect(Scrape scrape) {
    if (carrier.isEmpty()) {
      carrier = carrierName.get().map(Threads::kernelName);
    }
    var counts = new Counts();
    readTasks(counts);
    last = counts;
    addKinds(scrape, counts);
    if (!known.isEmpty()) {
      addNamed(scrape, counts);
    }
  }

  /// Tells recordings what the threads of each name cost, as of the last scrape.
  void tell() {
    String carriers = carrier.map(Threads::group).orElse("");
    named.forEach((name, totals) -> {
      var event = new ThreadGroupEvent();
      if (event.isEnabled()) {
        event.name = name;
        event.carriers = name.equals(carriers);
        event.threads = last.names.getOrDefault(name, 0);
        double ticks = (totals.user + totals.system) / Usage.TICKS_PER_SECOND * NANOS;
        event.cpuTime = Math.round(waitIsKnown ? totals.ran : ticks);
        event.runQueueWait = waitIsKnown ? Math.round(totals.waited) : -1;
        event.voluntarySwitches = Math.round(totals.voluntary);
        event.involuntarySwitches = Math.round(totals.involuntary);
        event.bytesRead = Math.round(totals.read);
        event.bytesWritten = Math.round(totals.written);
        event.commit();
      }
    });
  }

  private void readTasks(Counts counts) {
    String[] ids = new File(tasks).list();
    if (ids == null) {
      return;
    }
    round++;
    for (String id : ids) {
      Task task = known.computeIfAbsent(id, i -> new Task(tasks + "/" + i));
      if (read(task)) {
        task.round = round;
        counts.add(task);
      }
    }
    for (Iterator<Task> each = known.values().iterator(); each.hasNext(); ) {
      if (each.next().round != round) {
        each.remove();
      }
    }
  }

  /// @return whether the thread is still there
  private boolean read(Task task) {
    if (!file.read(task.stat)) {
      return false;
    }
    file.behindName();
    double started = file.field(19);
    if (started != task.started) { // another thread with the number of one that ended
      task.begin(started);
    }
    if (!file.isNamed(task.name)) { // a new thread is called as its parent for a moment
      task.call(file.name());
    }
    file.behindName();
    task.state = file.character(0);
    Totals totals = named.get(task.group);
    if (totals == null) {
      task.group = named.size() < NAMES ? task.group : "other";
      totals = named.computeIfAbsent(task.group, g -> new Totals());
    }
    totals.user += task.delta(Task.USER, file.field(11));
    totals.system += task.delta(Task.SYSTEM, file.field(12));
    totals.minorFaults += task.delta(Task.MINOR, file.field(7));
    totals.majorFaults += task.delta(Task.MAJOR, file.field(9));

    boolean ran = true;
    if (file.read(task.schedstat)) {
      file.whole();
      double waited = task.delta(Task.WAITED, file.field(1));
      runQueueWait += waited;
      totals.waited += waited;
      waitIsKnown = true;
      double added = task.delta(Task.RAN, file.field(0));
      totals.ran += added;
      ran = added > 0;
    }
    if (ran) { // what did not run has neither switched nor read, and waits where it did
      readWhatRan(task, totals);
    }
    return true;
  }

  private void readWhatRan(Task task, Totals totals) {
    if (file.read(task.status)) {
      totals.voluntary += task.delta(Task.VOLUNTARY, file.number("voluntary_ctxt_switches:"));
      totals.involuntary +=
          task.delta(Task.INVOLUNTARY, file.number("nonvoluntary_ctxt_switches:"));
    }
    if (file.read(task.io)) {
      totals.read += task.delta(Task.READ, file.number("rchar:"));
      totals.written += task.delta(Task.WRITTEN, file.number("wchar:"));
    }
    if (file.read(task.wchan)) {
      task.waitsAt = file.whole().text(0);
    }
  }

  private void addKinds(Scrape scrape, Counts counts) {
    Scrape.Family threads =
        scrape.gauge(
            "process_threads",
            "Threads by kind and state: of the operating system (platform, and carriers of virtual"
                + " threads), and virtual ones that are on a carrier or wait for one.",
            "kind",
            "state");
    if (!known.isEmpty()) {
      for (int kind = 0; kind < Counts.KINDS.length; kind++) {
        for (int state = 0; state < Counts.STATES.length; state++) {
          threads.add(counts.threads[kind][state], Counts.KINDS[kind], Counts.STATES[state]);
        }
      }
    }
    scheduler.ifPresent(virtual ->
        threads
            .add(orUnknown(virtual.getMountedVirtualThreadCount()), "virtual", "mounted")
            .add(orUnknown(virtual.getQueuedVirtualThreadCount()), "virtual", "queued"));
    scrape
        .counter(
            "process_runqueue_wait_seconds",
            "How long threads were ready to run and waited for a processor, all together.")
        .add(waitIsKnown ? runQueueWait / NANOS : Double.NaN);
  }

  private static double orUnknown(double count) {
    return count < 0 ? Double.NaN : count;
  }

  private void addNamed(Scrape scrape, Counts counts) {
    var count = scrape.gauge("process_thread_count", "Threads by name.", "thread");
    var cpu =
        scrape.counter(
            "process_thread_cpu_seconds", "Processor time by thread name.", "thread", "mode");
    var switches =
        scrape.counter(
            "process_thread_context_switches",
            "Context switches by thread name.",
            "thread",
            "type");
    var faults =
        scrape.counter(
            "process_thread_page_faults", "Page faults by thread name.", "thread", "type");
    var io =
        scrape.counter(
            "process_thread_io_bytes",
            "Bytes read and written by system calls, by thread name.",
            "thread",
            "op");
    var waited =
        scrape.counter(
            "process_thread_runqueue_wait_seconds",
            "Ready to run and without a processor, by thread name.",
            "thread");
    named.forEach((name, totals) -> {
      count.add(counts.names.getOrDefault(name, 0), name);
      cpu.add(totals.user / Usage.TICKS_PER_SECOND, name, "user");
      cpu.add(totals.system / Usage.TICKS_PER_SECOND, name, "system");
      switches.add(totals.voluntary, name, "voluntary");
      switches.add(totals.involuntary, name, "involuntary");
      faults.add(totals.minorFaults, name, "minor");
      faults.add(totals.majorFaults, name, "major");
      io.add(totals.read, name, "read");
      io.add(totals.written, name, "write");
      waited.add(totals.waited / NANOS, name);
    });
    var places =
        scrape.gauge(
            "process_threads_wchan", "Threads by the kernel function that they wait in.", "wchan");
    counts.places.forEach((place, number) -> places.add(number, place));
  }

  private static String kernelName(String name) {
    return name.length() > NAME_LENGTH ? name.substring(0, NAME_LENGTH) : name;
  }

  /// Numbers at the end of a name tell apart what does the same: `GC Thread#0`, `GC Thread#1`.
  static String group(String name) {
    int end = name.length();
    while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
      end--;
    }
    while (end > 0 && "-#_ ".indexOf(name.charAt(end - 1)) >= 0) {
      end--;
    }
    return end == 0 ? name : name.substring(0, end);
  }

  /// One thread, and what was last read of it.
  private static final class Task {
    static final int USER = 0;
    static final int SYSTEM = 1;
    static final int MINOR = 2;
    static final int MAJOR = 3;
    static final int WAITED = 4;
    static final int RAN = 5;
    static final int VOLUNTARY = 6;
    static final int INVOLUNTARY = 7;
    static final int READ = 8;
    static final int WRITTEN = 9;
    private static final int COUNTERS = 10;

    final String stat;
    final String schedstat;
    final String status;
    final String io;
    final String wchan;
    private final double[] last = new double[COUNTERS];
    double started = Double.NaN;
    String name = "";
    String group = "";
    char state;
    String waitsAt = "";
    long round;

    Task(String folder) {
      stat = folder + "/stat";
      schedstat = folder + "/schedstat";
      status = folder + "/status";
      io = folder + "/io";
      wchan = folder + "/wchan";
    }

    void begin(double at) {
      started = at;
      waitsAt = "";
      java.util.Arrays.fill(last, 0);
    }

    void call(String called) {
      name = called;
      group = group(called);
    }

    /// What was added since it was last read; nothing where it is not known.
    double delta(int counter, double now) {
      if (Double.isNaN(now)) {
        return 0;
      }
      double added = now - last[counter];
      last[counter] = now;
      return Math.max(0, added);
    }
  }

  /// What all threads of one name did.
  private static final class Totals {
    double user;
    double system;
    double minorFaults;
    double majorFaults;
    double waited;
    double ran;
    double voluntary;
    double involuntary;
    double read;
    double written;
  }

  /// How many there are at the moment.
  private final class Counts {
    static final String[] KINDS = {"platform", "carrier"};
    static final String[] STATES = {"running", "sleeping", "uninterruptible", "other"};

    final int[][] threads = new int[KINDS.length][STATES.length];
    final Map<String, Integer> names = new HashMap<>();
    final Map<String, Integer> places = new TreeMap<>();

    void add(Task task) {
      boolean carries = carrier.isPresent() && carrier.get().equals(task.name);
      int state =
          switch (task.state) {
            case 'R' -> 0;
            case 'S' -> 1;
            case 'D' -> 2;
            default -> 3;
          };
      threads[carries ? 1 : 0][state]++;
      names.merge(task.group, 1, Integer::sum);
      if (!task.waitsAt.isEmpty()) {
        String place = task.waitsAt.equals("0") ? "none" : task.waitsAt;
        places.merge(
            places.size() < NAMES || places.containsKey(place) ? place : "other", 1, Integer::sum);
      }
    }
  }
}
