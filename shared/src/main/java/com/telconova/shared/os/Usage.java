package com.telconova.shared.os;

import java.nio.file.Path;
import java.util.Optional;

/// Processor time, page faults and context switches, of all threads that there are and were.
final class Usage implements Part {
  /// `USER_HZ`: in clock ticks of 1/100 s `/proc` counts CPU time, on every architecture we run on.
  static final double TICKS_PER_SECOND = 100;

  private final ProcFile file;
  private final String proc;
  private final String process;
  private final Optional<Rusage> rusage;
  private double bootTime = Double.NaN;

  /// @param rusage for this very process; without, `stat` is asked, which counts in 1/100 s and
  ///   knows no context switches
  Usage(ProcFile file, Path proc, Path process, Optional<Rusage> rusage) {
    this.file = file;
    this.proc = proc.toString();
    this.process = process.toString();
    this.rusage = rusage;
  }

  @Override
  public void collect(Scrape scrape) {
    file.read(process + "/stat");
    file.behindName();
    double user = file.field(11) / TICKS_PER_SECOND;
    double system = file.field(12) / TICKS_PER_SECOND;
    double minor = file.field(7);
    double major = file.field(9);
    double started = file.field(19) / TICKS_PER_SECOND;
    double voluntary = Double.NaN;
    double involuntary = Double.NaN;
    if (rusage.isPresent() && rusage.get().read()) {
      Rusage kernel = rusage.get();
      user = kernel.userSeconds();
      system = kernel.systemSeconds();
      minor = kernel.minorFaults();
      major = kernel.majorFaults();
      voluntary = kernel.voluntarySwitches();
      involuntary = kernel.involuntarySwitches();
    }
    scrape
        .counter("process_cpu_seconds", "Processor time used.", "mode")
        .add(user, "user")
        .add(system, "system");
    scrape
        .counter(
            "process_page_faults",
            "Pages of memory that were touched and not mapped: minor without, major with a read"
                + " from disk.",
            "type")
        .add(minor, "minor")
        .add(major, "major");
    scrape
        .counter(
            "process_context_switches",
            "How often a thread gave up the processor: voluntary to wait for something,"
                + " involuntary because its time was up.",
            "type")
        .add(voluntary, "voluntary")
        .add(involuntary, "involuntary");
    scrape
        .gauge("process_start_time_seconds", "When the process began, since 1970.")
        .add(started + bootTime());
  }

  private double bootTime() {
    if (Double.isNaN(bootTime) && file.read(proc + "/stat")) {
      bootTime = file.number("btime ");
    }
    return bootTime;
  }
}
