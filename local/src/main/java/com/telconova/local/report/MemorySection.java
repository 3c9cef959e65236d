package com.telconova.local.report;

import com.telconova.local.report.figures.Collections.HeapAfter;
import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sample;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What memory is there for.
final class MemorySection {
  private MemorySection() {}

  static Section of(Figures figures) {
    return new Section(
        "memory",
        "Memory",
        "What of the process was in memory (RSS), as the kernel divides it, and what the JVM has it"
            + " for. The JVM's parts are what it asked for, whether touched or not, so they need not"
            + " add up to the kernel's; stacks of threads and memory of native libraries are in none"
            + " of its parts. Libraries that processes share are counted whole in each RSS, and"
            + " divided among them in PSS.",
        List.of(),
        Panels.of(figures, MemorySection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    var heap =
        process.collections().heap().stream()
            .sorted(Comparator.comparingLong(HeapAfter::at))
            .map(after -> new Block.Point(after.at(), after.at(), after.used()))
            .toList();
    return List.of(
        curves.chart(
            "In memory, as the kernel counts",
            Unit.BYTES,
            Block.Form.LINES,
            List.of(
                curves.level("RSS", Counter.RESIDENT),
                curves.level("anonymous", Counter.ANONYMOUS),
                curves.level("PSS", Counter.PROPORTIONAL),
                curves.level("files", Counter.FILE)),
            "It did not tell of its memory."),
        curves.chart(
            "What the JVM has from the system",
            Unit.BYTES,
            Block.Form.LINES,
            List.of(
                curves.level("heap committed", Counter.HEAP_COMMITTED),
                curves.level("heap used", Counter.HEAP_USED),
                new Block.Line("used after GC", Curves.BY_PLACE, heap),
                curves.level("metaspace", Counter.METASPACE),
                curves.level("code", Counter.CODE)),
            "The JVM did not tell of its memory."),
        kinds(process));
  }

  private static Block kinds(ProcessFigures process) {
    var rows = new ArrayList<List<String>>();
    var samples = process.samples();
    if (!samples.isEmpty()) {
      Sample first = samples.first().orElseThrow();
      Sample last = samples.last().orElseThrow();
      for (Kind kind : KINDS) {
        rows.add(
            List.of(
                kind.name(),
                Units.bytes(first.of(kind.counter())),
                Units.bytes(last.of(kind.counter())),
                Units.bytes(samples.highest(kind.counter()))));
      }
    }
    return new Block.Grid(
        "",
        List.of("memory", "first>", "last>", "most>"),
        rows,
        process.load().highestResident() < 0
            ? "Memory by kind is not in this recording."
            : "Of memory only this is in the recording: up to "
                + Units.bytes(process.load().highestResident())
                + " resident.");
  }

  private record Kind(String name, Counter counter) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("RSS", Counter.RESIDENT),
          new Kind("  anonymous: heap, stacks, native", Counter.ANONYMOUS),
          new Kind("  files: libraries, jars", Counter.FILE),
          new Kind("  shared", Counter.SHARED),
          new Kind("PSS", Counter.PROPORTIONAL),
          new Kind("swapped out", Counter.SWAPPED),
          new Kind("page tables", Counter.PAGE_TABLES),
          new Kind("heap, used", Counter.HEAP_USED),
          new Kind("heap, committed", Counter.HEAP_COMMITTED),
          new Kind("metaspace, committed", Counter.METASPACE),
          new Kind("compiled code, committed", Counter.CODE),
          new Kind("direct buffers", Counter.DIRECT));
}
