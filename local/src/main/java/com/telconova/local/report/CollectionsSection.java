package com.telconova.local.report;

import com.telconova.local.report.figures.Collections;
import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;

/// When all threads stood still.
final class CollectionsSection {
  private static final int ROWS = 6;

  private CollectionsSection() {}

  static Section of(Figures figures) {
    return new Section(
        "gc",
        "Garbage collection and safepoints",
        "When all threads stood still, for a collection or for anything else that the JVM does at a"
            + " safepoint. Collections are complete; other operations, and the time until all threads"
            + " stood, are recorded from 10 ms.",
        List.of(),
        Panels.of(figures, CollectionsSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    Collections collections = process.collections();
    var rows = new ArrayList<List<String>>();
    collections
        .kinds()
        .forEach((kind, pauses) ->
            rows.add(
                List.of(
                    kind,
                    Units.count(pauses.count()),
                    Units.nanos(pauses.sum()),
                    Durations.quantile(pauses, 0.5),
                    Durations.longest(pauses))));
    var samples = process.samples();
    return List.of(
        curves.chart(
            "Pauses of collections, added up in each column",
            Unit.MILLIS,
            Block.Form.BARS,
            List.of(curves.sums("paused", collections.pauseNanos(), 1e-6)),
            "There was no collection."),
        new Block.Facts(
            List.of(
                new Block.Fact(
                    "pauses",
                    Units.count(collections.pauses().count()),
                    Units.nanos(collections.pauses().sum()) + " altogether"),
                new Block.Fact(
                    "allocated", Units.bytes(samples.added(Counter.ALLOCATED)), rate(process)),
                new Block.Fact(
                    "until all stood, ≥ 10 ms",
                    Units.count(collections.safepoints().count()),
                    collections.safepoints().count() == 0
                        ? ""
                        : "longest " + Units.nanos(collections.safepoints().max())))),
        new Block.Grid(
            "Collections",
            List.of("name, cause", "count>", "paused>", "p50>", "longest>"),
            rows,
            "none."),
        Tables.longest(
            "Operations at safepoints, ≥ 10 ms",
            "operation",
            collections.operations(),
            ROWS,
            "none took so long."));
  }

  private static String rate(ProcessFigures process) {
    var allocated = process.samples().added(Counter.ALLOCATED);
    var span = process.samples().span();
    return allocated.isEmpty() || span.isEmpty() || span.getAsLong() == 0
        ? ""
        : Units.bytes(allocated.getAsLong() / (span.getAsLong() / 1e9)) + "/s";
  }
}
