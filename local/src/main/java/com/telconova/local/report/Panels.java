package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The same for each process, side by side. Charts of one title share a scale, so that they can be
/// compared by looking at them.
final class Panels {
  private Panels() {}

  static List<Section.Panel> of(Figures figures, Function<ProcessFigures, List<Block>> blocks) {
    var panels = new ArrayList<Section.Panel>();
    Map<String, Double> tops = new HashMap<>();
    for (ProcessFigures process : figures.processes()) {
      var panel = new Section.Panel(figures.label(process.number()), blocks.apply(process));
      panels.add(panel);
      for (Block block : panel.blocks()) {
        if (block instanceof Block.Chart chart) {
          tops.merge(chart.title(), chart.highest(), Math::max);
        }
      }
    }
    return panels.stream().map(panel -> scaled(panel, tops)).toList();
  }

  private static Section.Panel scaled(Section.Panel panel, Map<String, Double> tops) {
    return new Section.Panel(
        panel.name(),
        panel.blocks().stream()
            .map(block ->
                block instanceof Block.Chart chart ? chart.upTo(tops.get(chart.title())) : block)
            .toList());
  }
}
