package com.telconova.local.report;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sample;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What is open.
final class DescriptorsSection {
  private DescriptorsSection() {}

  static Section of(Figures figures) {
    return new Section(
        "descriptors",
        "Descriptors",
        "What each process had open, by kind: a leak has a kind, and ends at the limit. What was"
            + " opened and closed between two tellings is not seen.",
        List.of(),
        Panels.of(figures, DescriptorsSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    var samples = process.samples();
    var rows = new ArrayList<List<String>>();
    if (!samples.isEmpty()) {
      rows.add(row(process, "sockets", Counter.SOCKETS));
      rows.add(row(process, "files", Counter.FILES));
      rows.add(row(process, "pipes", Counter.PIPES));
      rows.add(row(process, "event polls", Counter.EVENT_POLLS));
      rows.add(row(process, "all", Counter.DESCRIPTORS));
      rows.add(row(process, "limit", Counter.MAX_DESCRIPTORS));
    }
    return List.of(
        curves.chart(
            "Open descriptors",
            Unit.COUNT,
            Block.Form.STACKED,
            List.of(
                curves.held("sockets", sample -> sample.of(Counter.SOCKETS)),
                curves.held("files", sample -> sample.of(Counter.FILES)),
                curves.held("pipes", sample -> sample.of(Counter.PIPES)),
                curves.held("event polls", sample -> sample.of(Counter.EVENT_POLLS)),
                curves.held("other", DescriptorsSection::other)),
            "It told of them fewer than two times."),
        new Block.Grid(
            "",
            List.of("open", "first>", "last>", "most>"),
            rows,
            "What it had open is not in this recording."));
  }

  private static long other(Sample sample) {
    long all = sample.of(Counter.DESCRIPTORS);
    for (Counter kind :
        List.of(Counter.SOCKETS, Counter.FILES, Counter.PIPES, Counter.EVENT_POLLS)) {
      if (sample.of(kind) < 0) {
        return -1;
      }
      all -= sample.of(kind);
    }
    return all;
  }

  private static List<String> row(ProcessFigures process, String name, Counter counter) {
    var samples = process.samples();
    OptionalLong most = samples.highest(counter);
    return List.of(
        name,
        Units.count(samples.first().orElseThrow().of(counter)),
        Units.count(samples.last().orElseThrow().of(counter)),
        Units.count(most));
  }
}
