package com.telconova.local.report;

import com.telconova.local.report.figures.Axis;
import com.telconova.local.report.figures.Buckets;
import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sample;
import com.telconova.local.report.figures.Samples;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/// Lines of a process's charts.
final class Curves {
  /// A line's kind is its place among the others.
  static final int BY_PLACE = -1;

  private static final int PARTS_IN_COLUMN = 4;

  private final ProcessFigures process;

  Curves(ProcessFigures process) {
    this.process = process;
  }

  Block.Chart chart(
      String title, Unit unit, Block.Form form, List<Block.Line> lines, String empty) {
    Axis axis = process.axis();
    return new Block.Chart(
        title,
        unit,
        axis.start(),
        axis.end(),
        process.recording().start(),
        process.recording().end(),
        0,
        form,
        numbered(lines),
        empty);
  }

  // Those that have no kind of their own are told apart by their place.
  private static List<Block.Line> numbered(List<Block.Line> lines) {
    var numbered = new ArrayList<Block.Line>();
    for (Block.Line line : lines) {
      int kind = line.kind() == BY_PLACE ? numbered.size() : line.kind();
      numbered.add(new Block.Line(line.name(), kind, line.points()));
    }
    return numbered;
  }

  /// What each sample says at its moment.
  Block.Line level(String name, Counter counter) {
    return new Block.Line(
        name,
        BY_PLACE,
        process.samples().all().stream()
            .filter(sample -> sample.of(counter) >= 0)
            .map(sample -> new Block.Point(sample.at(), sample.at(), sample.of(counter)))
            .toList());
  }

  /// What each sample says, until the next one.
  Block.Line held(String name, ToLongFunction<Sample> number) {
    return between(
        name,
        (from, to) ->
            number.applyAsLong(from) < 0 ? Double.NaN : (double) number.applyAsLong(from));
  }

  /// How fast a counter grew from one sample to the next, a second.
  Block.Line rate(String name, Counter counter, double unit) {
    return between(
        name,
        (from, to) -> {
          OptionalLong added = Samples.added(from, to, sample -> sample.of(counter));
          return added.isEmpty()
              ? Double.NaN
              : added.getAsLong() / unit / ((to.at() - from.at()) / 1e9);
        });
  }

  /// A number for each two samples that follow each other.
  Block.Line between(String name, BiFunction<Sample, Sample, Double> number) {
    var points = new ArrayList<Block.Point>();
    Sample before = null;
    for (Sample sample : process.samples().all()) {
      // Two recordings that begin at once make two samples of one moment.
      if (before != null && sample.at() - before.at() < 1_000_000) {
        continue;
      }
      if (before != null) {
        points.add(new Block.Point(before.at(), sample.at(), number.apply(before, sample)));
      }
      before = sample;
    }
    return new Block.Line(name, BY_PLACE, points);
  }

  /// The mean of each part of the axis that something was said in.
  Block.Line means(String name, Buckets buckets, double factor) {
    var points = new ArrayList<Block.Point>();
    for (int part = 0; part < Axis.PARTS; part++) {
      if (!Double.isNaN(buckets.mean(part))) {
        points.add(
            new Block.Point(
                buckets.axis().begin(part),
                buckets.axis().begin(part + 1),
                buckets.mean(part) * factor));
      }
    }
    return new Block.Line(name, BY_PLACE, points);
  }

  /// How many a second, in each column of a chart.
  Block.Line perSecond(String name, Buckets buckets) {
    return sums(name, buckets, 1 / (process.axis().partSeconds() * PARTS_IN_COLUMN));
  }

  /// The sum of each column of a chart, from the beginning of the recording to its end.
  Block.Line sums(String name, Buckets buckets, double factor) {
    var points = new ArrayList<Block.Point>();
    for (int part = 0; part < Axis.PARTS && !buckets.isEmpty(); part += PARTS_IN_COLUMN) {
      long begin = buckets.axis().begin(part);
      long end = buckets.axis().begin(part + PARTS_IN_COLUMN);
      if (end > process.recording().start() && begin < process.recording().end()) {
        double sum = 0;
        for (int each = part; each < part + PARTS_IN_COLUMN; each++) {
          sum += buckets.sum(each);
        }
        points.add(new Block.Point(begin, end, sum * factor));
      }
    }
    return new Block.Line(name, BY_PLACE, points);
  }
}
