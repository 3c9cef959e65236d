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
    row("recorded (UTC)", OverviewSection::recorded);
    row("told of itself for", p -> span(p.samples()));
    row("processor time", p -> Units.seconds(p.samples().cpu()));
    row("  processors used", p -> cores(p.samples()));
    row(
        "  user / system",
        p ->
            Units.seconds(p.samples().added(Counter.USER_TIME))
                + " / "
                + Units.seconds(p.samples().added(Counter.SYSTEM_TIME)));
    row("waited for a processor", p -> Units.seconds(p.samples().added(Counter.RUN_QUEUE_WAIT)));
    row(
        "resident memory, last / most",
        p ->
            Units.bytes(last(p, Counter.RESIDENT))
                + " / "
                + Units.bytes(p.samples().highest(Counter.RESIDENT)));
    row("  its share (PSS), last", p -> Units.bytes(last(p, Counter.PROPORTIONAL)));
    row("heap used, most", p -> Units.bytes(p.samples().highest(Counter.HEAP_USED)));
    row(
        "threads, platform + carriers, most",
        p ->
            Units.count(p.samples().highest(Counter.PLATFORM_THREADS))
                + " + "
                + Units.count(p.samples().highest(Counter.CARRIER_THREADS)));
    row(
        "descriptors, most / sockets",
        p ->
            Units.count(p.samples().highest(Counter.DESCRIPTORS))
                + " / "
                + Units.count(p.samples().highest(Counter.SOCKETS)));
    row("context switches, voluntary", p -> rate(p, Counter.VOLUNTARY_SWITCHES));
    row("  involuntary", p -> rate(p, Counter.INVOLUNTARY_SWITCHES));
    row(
        "page faults, minor / major",
        p ->
            Units.count(p.samples().added(Counter.MINOR_FAULTS))
                + " / "
                + Units.count(p.samples().added(Counter.MAJOR_FAULTS)));
    row(
        "read / written by system calls",
        p ->
            Units.bytes(p.samples().added(Counter.BYTES_READ))
                + " / "
                + Units.bytes(p.samples().added(Counter.BYTES_WRITTEN)));
    row(
        "requests, of them 5xx",
        p ->
            Units.count(p.requests().all().duration().count())
                + ", "
                + Units.count(p.requests().all().serverErrors()));
    row("  p50 / p99 / longest", p -> Durations.three(p.requests().all().duration()));
    row("events published", p -> Units.count(p.queues().published()));
    row(
        "events handled",
        p -> Units.count(p.queues().handled().stream().mapToLong(h -> h.handling().count()).sum()));
    row(
        "  of them failed",
        p -> Units.count(p.queues().handled().stream().mapToLong(Queues.Handled::failed).sum()));
    row(
        "GC pauses, sum / longest",
        p ->
            Units.count(p.collections().pauses().count())
                + ", "
                + Units.nanos(p.collections().pauses().sum())
                + " / "
                + Units.nanos(p.collections().pauses().max()));
    row("held a carrier (pinned ≥ 20 ms)", p -> Units.count(p.blocking().pinned().all().count()));
    row("events in the recording", p -> Units.count(p.events()));
    var headings = new ArrayList<String>();
    headings.add("");
    figures.processes().forEach(p -> headings.add(figures.label(p.number()) + ">"));
    return new Section(
        "overview",
        "At a glance",
        "What each process cost while it was recorded. Counters are differences between the first"
            + " and the last time that the process told of itself, for the span in the second row;"
            + " highest values are the highest that were told, and between two tellings there may"
            + " have been higher ones.",
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

  private static String recorded(ProcessFigures process) {
    return Units.time(process.recording().start()) + " to " + Units.time(process.recording().end());
  }

  private static String span(Samples samples) {
    return samples.span().isEmpty() ? Units.UNKNOWN : Units.seconds(samples.span());
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
