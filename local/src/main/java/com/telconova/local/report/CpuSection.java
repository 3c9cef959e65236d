package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sample;
import com.telconova.local.report.figures.Samples;
import com.telconova.local.report.figures.ThreadGroup;
import com.telconova.local.report.figures.ThreadKind;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who used the processors.
final class CpuSection {
  private CpuSection() {}

  static Section of(Figures figures) {
    return new Section(
        "cpu",
        "Processor",
        "How many processors were busy for each process, and which of its threads kept them busy,"
            + " from what the kernel counted for each thread. What a thread did after the process"
            + " last told of itself in that thread's life is in the process's sum and in no kind:"
            + " the last row says how much that is. Why a thread was busy is not here but in the"
            + " next part.",
        List.of(),
        Panels.of(figures, CpuSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    double processors = Math.max(1, process.load().processors());
    var loads =
        List.of(
            curves.means("this process", process.load().process(), processors),
            curves.means("the whole machine", process.load().machine(), processors));
    return List.of(
        curves.chart(
            "Busy processors, each second",
            Unit.CORES,
            Block.Form.LINES,
            loads,
            "jdk.CPULoad is not in this recording."),
        curves.chart(
            "Busy processors by kind of thread",
            Unit.CORES,
            Block.Form.STACKED,
            kindLines(process, curves),
            "Its threads are told of fewer than two times."),
        kinds(process));
  }

  private static List<Block.Line> kindLines(ProcessFigures process, Curves curves) {
    var lines = new ArrayList<Block.Line>();
    for (ThreadKind kind : met(process)) {
      Block.Line line =
          curves.between(
              kind.title(),
              (from, to) -> {
                ThreadGroup group = Samples.kinds(from, to).get(kind);
                return group == null ? Double.NaN : (double) group.cpu() / (to.at() - from.at());
              });
      // The same colour for the same kind in each process.
      lines.add(new Block.Line(line.name(), kind.ordinal(), line.points()));
    }
    return lines;
  }

  private static Set<ThreadKind> met(ProcessFigures process) {
    var kinds = EnumSet.noneOf(ThreadKind.class);
    process
        .samples()
        .all()
        .forEach(sample -> sample.groups().values().forEach(group -> kinds.add(group.kind())));
    return kinds;
  }

  private static Block kinds(ProcessFigures process) {
    var rows = new ArrayList<List<String>>();
    List<Sample> ends = process.samples().endsWithThreads();
    String title = "";
    if (!ends.isEmpty()) {
      Sample from = ends.getFirst();
      Sample to = ends.getLast();
      Map<ThreadKind, ThreadGroup> kinds = Samples.kinds(from, to);
      long total = Samples.added(from, to, Sample::cpu).orElse(-1);
      long known = kinds.values().stream().mapToLong(ThreadGroup::cpu).sum();
      kinds.entrySet().stream()
          .sorted(
              Comparator.comparingLong(
                      (Map.Entry<ThreadKind, ThreadGroup> entry) -> entry.getValue().cpu())
                  .reversed())
          .forEach(entry -> rows.add(row(entry.getKey(), entry.getValue(), total)));
      if (total >= 0) {
        rows.add(
            List.of(
                "(in no kind)",
                "",
                Units.format("%.2f s", (total - known) / 1e9).replace("-0.00", "0.00"),
                Units.percent((double) (total - known) / Math.max(1, total))
                    .replace("-0.0", "0.0")));
        rows.add(List.of("the process", "", Units.seconds(total), ""));
      }
      title = "In " + Units.seconds(to.at() - from.at());
    }
    return new Block.Grid(
        title,
        List.of("threads", "now>", "processor time>", "share>"),
        rows,
        "Which threads used the processors is unknown: it needs microflow.ThreadGroup twice.");
  }

  private static List<String> row(ThreadKind kind, ThreadGroup group, long total) {
    return List.of(
        kind.title(),
        Units.count(group.threads()),
        Units.seconds(group.cpu()),
        total <= 0 ? Units.UNKNOWN : Units.percent((double) group.cpu() / total));
  }
}
