package com.telconova.local.report;

import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Queues;
import com.telconova.local.report.figures.Samples;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/// Everything in one table, a column for each process.
final class OverviewSection {
  private final Figures figures;
  private final List<List<String>> rows = new ArrayList<>();

  private OverviewSection(Figures figures) {
    this.figures = figures;
  }

  static Section of(Figures figures) {
    return new OverviewSection(figures).section();
  }

  private Section section() {
    row("recorded from (UTC)", p -> Units.time(p.recording().start()));
    row("  to", p -> Units.time(p.recording().end()));
    row("counted for", p -> Units.seconds(p.samples().span()));
    row("processor time", p -> Units.seconds(p.samples().cpu()));
    row("  in user code", p -> Units.seconds(p.samples().added(Counter.USER_TIME)));
    row("  in the kernel", p -> Units.seconds(p.samples().added(Counter.SYSTEM_TIME)));
    row("  processors, on average", p -> cores(p.samples()));
    row(
        "threads waited for a processor",
        p -> Units.seconds(p.samples().added(Counter.RUN_QUEUE_WAIT)));
    row("resident memory (RSS), at the end", p -> Units.bytes(last(p, Counter.RESIDENT)));
    row("  most", p -> Units.bytes(p.samples().highest(Counter.RESIDENT)));
    row("  its share (PSS), at the end", p -> Units.bytes(last(p, Counter.PROPORTIONAL)));
    row("heap used, most", p -> Units.bytes(p.samples().highest(Counter.HEAP_USED)));
    row("platform threads, most", p -> Units.count(p.samples().highest(Counter.PLATFORM_THREADS)));
    row("  and carriers", p -> Units.count(p.samples().highest(Counter.CARRIER_THREADS)));
    row("descriptors, most", p -> Units.count(p.samples().highest(Counter.DESCRIPTORS)));
    row("  of them sockets", p -> Units.count(p.samples().highest(Counter.SOCKETS)));
    row("context switches, voluntary", p -> rate(p, Counter.VOLUNTARY_SWITCHES));
    row("  involuntary", p -> rate(p, Counter.INVOLUNTARY_SWITCHES));
    row("page faults, minor", p -> Units.count(p.samples().added(Counter.MINOR_FAULTS)));
    row("  major", p -> Units.count(p.samples().added(Counter.MAJOR_FAULTS)));
    row("read by system calls", p -> Units.bytes(p.samples().added(Counter.BYTES_READ)));
    row("written", p -> Units.bytes(p.samples().added(Counter.BYTES_WRITTEN)));
    ours("requests", p -> Units.count(p.requests().all().duration().count()));
    ours("  of them 5xx", p -> Units.count(p.requests().all().serverErrors()));
    ours("  median", p -> Durations.quantile(p.requests().all().duration(), 0.5));
    ours("  99 % within", p -> Durations.quantile(p.requests().all().duration(), 0.99));
    ours("  longest", p -> Durations.longest(p.requests().all().duration()));
    ours("events published", p -> Units.count(p.queues().published()));
    ours(
        "events handled",
        p -> Units.count(p.queues().handled().stream().mapToLong(h -> h.handling().count()).sum()));
    ours(
        "  of them failed",
        p -> Units.count(p.queues().handled().stream().mapToLong(Queues.Handled::failed).sum()));
    row("pauses of collections", p -> Units.count(p.collections().pauses().count()));
    row("  altogether", p -> Units.nanos(p.collections().pauses().sum()));
    row("  longest", p -> Durations.longest(p.collections().pauses()));
    row("held a carrier ≥ 20 ms (pinned)", p -> Units.count(p.blocking().pinned().all().count()));
    row("events in the recording", p -> Units.count(p.events()));
    var headings = new ArrayList<String>();
    headings.add("");
    figures.processes().forEach(p -> headings.add(figures.label(p.number()) + ">"));
    return new Section(
        "overview",
        "At a glance",
        "What each process cost while it was recorded. What is counted is the difference between"
            + " the first and the last time that the process told of itself (microflow.Process), so"
            + " it is of exactly the span named here. The most is the most that was told: between two"
            + " tellings, ten seconds apart, there may have been more.",
        List.of(new Block.Grid("", headings, rows, ""), machine()),
        List.of());
  }

  private Block machine() {
    var facts = new ArrayList<Block.Fact>();
    for (ProcessFigures process : figures.processes()) {
      var load = process.load();
      var parts = new ArrayList<String>();
      if (process.samples().pid() > 0) {
        parts.add("pid " + process.samples().pid());
      }
      if (load.processors() > 0) {
        parts.add("sees " + load.processors() + " processors");
      }
      if (load.machineMemory() > 0) {
        parts.add(Units.bytes(load.machineMemory()) + " of memory");
      }
      facts.add(
          new Block.Fact(
              figures.label(process.number()),
              process.recording().file().getFileName().toString(),
              String.join(", ", parts)));
    }
    return new Block.Facts(facts);
  }

  private void row(String name, Function<ProcessFigures, String> value) {
    var row = new ArrayList<String>();
    row.add(name);
    figures.processes().forEach(process -> row.add(value.apply(process)));
    rows.add(row);
  }

  /// Without an event of our own code, nothing is known of what only it tells.
  private void ours(String name, Function<ProcessFigures, String> value) {
    row(name, process -> process.ownEvents() == 0 ? Units.UNKNOWN : value.apply(process));
  }

  private static String cores(Samples samples) {
    return samples.cpu().isEmpty() || samples.span().getAsLong() == 0
        ? Units.UNKNOWN
        : Units.number((double) samples.cpu().getAsLong() / samples.span().getAsLong());
  }

  private static OptionalLong last(ProcessFigures process, Counter counter) {
    return process
        .samples()
        .last()
        .map(sample -> sample.of(counter))
        .filter(value -> value >= 0)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private static String rate(ProcessFigures process, Counter counter) {
    return Units.rate(process.samples().added(counter), process.samples().span());
  }
}
