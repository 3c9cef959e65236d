package com.telconova.local.report;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;

/// How many threads there are.
final class ThreadsSection {
  private ThreadsSection() {}

  static Section of(Figures figures) {
    return new Section(
        "threads",
        "Threads",
        "Threads of the operating system: platform threads, the JVM's own included, and the carriers"
            + " that virtual threads run on. A request does not add one: it is a virtual thread, which"
            + " the kernel does not know. Virtual threads that wait are counted by nobody; those on a"
            + " carrier and those that wait for one are.",
        List.of(),
        Panels.of(figures, ThreadsSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    var load = process.load();
    return List.of(
        curves.chart(
            "Threads",
            Unit.COUNT,
            Block.Form.LINES,
            List.of(
                curves.level("platform", Counter.PLATFORM_THREADS),
                curves.level("carriers", Counter.CARRIER_THREADS),
                curves.means("known to Java", load.javaThreads(), 1),
                curves.level("virtual, on a carrier", Counter.MOUNTED),
                curves.level("virtual, waiting for one", Counter.QUEUED)),
            "How many threads it had is not in this recording."),
        new Block.Facts(
            List.of(
                new Block.Fact("Java threads started", Units.count(load.threadsStarted())),
                new Block.Fact("and ended", Units.count(load.threadsEnded())))),
        names(process));
  }

  private static Block names(ProcessFigures process) {
    var rows = new ArrayList<List<String>>();
    var ends = process.samples().endsWithThreads();
    if (!ends.isEmpty()) {
      ends.getLast().groups().entrySet().stream()
          .filter(entry -> entry.getValue().threads() > 0)
          .sorted(
              java.util.Comparator.comparingLong(
                      (java.util.Map.Entry<String, com.telconova.local.report.figures.ThreadGroup>
                              entry) -> entry.getValue().threads())
                  .reversed()
                  .thenComparing(java.util.Map.Entry::getKey))
          .limit(14)
          .forEach(entry ->
              rows.add(
                  List.of(
                      entry.getKey(),
                      entry.getValue().kind().title(),
                      Units.count(entry.getValue().threads()))));
    }
    return new Block.Grid(
        "By name, as the kernel has it",
        List.of("name", "kind", "at the end>"),
        rows,
        "What its threads are called is not in this recording.");
  }
}
