package com.telconova.local.report;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Samples;
import com.telconova.local.report.figures.ThreadGroup;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// Who waits and who is pushed aside.
final class SwitchesSection {
  private SwitchesSection() {}

  static Section of(Figures figures) {
    return new Section(
        "switches",
        "Context switches",
        "How often threads gave up a processor: voluntarily, to wait for something, or because their"
            + " time was up and somebody else wanted it. Waiting for a processor is what a crowd, or a"
            + " quota, costs. Switches of virtual threads are none to the kernel and are not here.",
        List.of(),
        Panels.of(figures, SwitchesSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    var samples = process.samples();
    OptionalLong span = samples.span();
    return List.of(
        curves.chart(
            "Context switches",
            Unit.PER_SECOND,
            Block.Form.STACKED,
            List.of(
                curves.rate("voluntary", Counter.VOLUNTARY_SWITCHES, 1),
                curves.rate("involuntary", Counter.INVOLUNTARY_SWITCHES, 1)),
            "They are told of fewer than two times."),
        curves.chart(
            "Threads that were ready and had no processor, on average",
            Unit.COUNT,
            Block.Form.STACKED,
            List.of(curves.rate("waiting for a processor", Counter.RUN_QUEUE_WAIT, 1e9)),
            "Unknown."),
        new Block.Facts(
            List.of(
                new Block.Fact(
                    "voluntary",
                    Units.count(samples.added(Counter.VOLUNTARY_SWITCHES)),
                    Units.rate(samples.added(Counter.VOLUNTARY_SWITCHES), span)),
                new Block.Fact(
                    "involuntary",
                    Units.count(samples.added(Counter.INVOLUNTARY_SWITCHES)),
                    Units.rate(samples.added(Counter.INVOLUNTARY_SWITCHES), span)),
                new Block.Fact(
                    "page faults, minor",
                    Units.count(samples.added(Counter.MINOR_FAULTS)),
                    Units.rate(samples.added(Counter.MINOR_FAULTS), span)),
                new Block.Fact(
                    "page faults, major", Units.count(samples.added(Counter.MAJOR_FAULTS))))),
        kinds(process));
  }

  private static Block kinds(ProcessFigures process) {
    var rows = new ArrayList<List<String>>();
    var ends = process.samples().endsWithThreads();
    if (!ends.isEmpty()) {
      Samples.kinds(ends.getFirst(), ends.getLast()).entrySet().stream()
          .filter(entry -> entry.getValue().voluntary() + entry.getValue().involuntary() > 0)
          .sorted(
              Comparator.comparingLong((java.util.Map.Entry<?, ThreadGroup> entry) ->
                      entry.getValue().voluntary() + entry.getValue().involuntary())
                  .reversed())
          .forEach(entry ->
              rows.add(
                  List.of(
                      entry.getKey().title(),
                      Units.count(entry.getValue().voluntary()),
                      Units.count(entry.getValue().involuntary()),
                      Units.nanos(entry.getValue().runQueueWait()))));
    }
    return new Block.Grid(
        "By kind of thread",
        List.of("threads", "voluntary>", "involuntary>", "waited>"),
        rows,
        "unknown: it needs microflow.ThreadGroup twice.");
  }
}
