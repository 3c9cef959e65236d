package com.telconova.local.report;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.List;

/// What is read and written.
final class IoSection {
  private static final int ROWS = 8;

  private IoSection() {}

  static Section of(Figures figures) {
    return new Section(
        "io",
        "Sockets and files",
        "Bytes that were read and written by system calls, and what of them met a disk: exact, but"
            + " send and recv pass by these counters, and sockets of Java may use them. Below, the"
            + " reads and writes that took 1 ms and more, at most 100 a second of each sort: they say"
            + " what was waited for, not how much there was. A connection that is kept open waits for"
            + " its next request, which is no delay.",
        List.of(),
        Panels.of(figures, IoSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    var samples = process.samples();
    return List.of(
        curves.chart(
            "Bytes by system calls",
            Unit.BYTES_PER_SECOND,
            Block.Form.STACKED,
            List.of(
                curves.rate("read", Counter.BYTES_READ, 1),
                curves.rate("written", Counter.BYTES_WRITTEN, 1)),
            "They are told of fewer than two times."),
        new Block.Facts(
            List.of(
                new Block.Fact(
                    "read",
                    Units.bytes(samples.added(Counter.BYTES_READ)),
                    Units.count(samples.added(Counter.READ_CALLS)) + " calls"),
                new Block.Fact(
                    "written",
                    Units.bytes(samples.added(Counter.BYTES_WRITTEN)),
                    Units.count(samples.added(Counter.WRITE_CALLS)) + " calls"),
                new Block.Fact("read from disk", Units.bytes(samples.added(Counter.DISK_READ))),
                new Block.Fact(
                    "written to disk", Units.bytes(samples.added(Counter.DISK_WRITTEN))))),
        Tables.longest(
            "Sockets, ≥ 1 ms",
            "with",
            process.blocking().sockets(),
            ROWS,
            "no read or write took so long."),
        Tables.longest(
            "Files, ≥ 1 ms", "file", process.blocking().files(), ROWS, "none took so long."));
  }
}
