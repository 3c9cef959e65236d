package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Document;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;

/// What the figures say, part by part.
final class Report {
  private Report() {}

  static Document of(Figures figures) {
    var axis = figures.axis();
    String subtitle =
        "%d recording%s, %s to %s UTC (%s)."
            .formatted(
                figures.processes().size(),
                figures.processes().size() == 1 ? "" : "s",
                Units.moment(axis.start()),
                Units.time(axis.end()),
                Units.nanos(axis.end() - axis.start()));
    return new Document(
        "What these processes cost",
        subtitle,
        notes(figures),
        List.of(
            OverviewSection.of(figures),
            CpuSection.of(figures),
            MethodsSection.of(figures),
            ThreadsSection.of(figures),
            MemorySection.of(figures),
            DescriptorsSection.of(figures),
            SwitchesSection.of(figures),
            IoSection.of(figures),
            LocksSection.of(figures),
            CollectionsSection.of(figures),
            RequestsSection.of(figures),
            QueuesSection.of(figures),
            JourneysSection.of(figures)));
  }

  private static List<String> notes(Figures figures) {
    var notes = new ArrayList<String>();
    for (ProcessFigures process : figures.processes()) {
      String label = figures.label(process.number());
      process
          .fault()
          .ifPresent(fault ->
              notes.add(
                  "%s (%s) ended early: %s. What is here is what it holds until then."
                      .formatted(label, process.recording().file().getFileName(), fault)));
      if (process.ownEvents() == 0) {
        notes.add(
            label
                + " was not recorded by MicroFlow: what only our own events tell (requests, queues,"
                + " /proc) is missing for it.");
      } else if (process.samples().span().isEmpty()) {
        notes.add(
            label
                + " told of itself (microflow.Process) "
                + (process.samples().isEmpty() ? "never" : "once")
                + " in this recording: what is counted from one moment to another is unknown.");
      }
      if (process.load().lost() > 0) {
        notes.add(
            "%s lost %s of its events: it recorded faster than it could write. Counts are too low."
                .formatted(label, Units.bytes(process.load().lost())));
      }
    }
    apart(figures, notes);
    long differ = figures.journeys().clocksDiffer();
    if (differ > 0) {
      notes.add(
          "An event came %s before it was sent: the clocks of these processes differ by at least"
                  .formatted(Units.nanos(differ))
              + " that much, and spans between two processes are as wrong.");
    }
    return notes;
  }

  private static void apart(Figures figures, List<String> notes) {
    long from = figures.processes().stream().mapToLong(p -> p.recording().start()).max().orElse(0);
    long to = figures.processes().stream().mapToLong(p -> p.recording().end()).min().orElse(0);
    if (from > to) {
      notes.add(
          "Not all of these recordings overlap: one begins "
              + Units.nanos(from - to)
              + " after another has ended. Only what overlaps can be compared.");
    }
  }
}
