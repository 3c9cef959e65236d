package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.HotMethods;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sites;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;

/// Where Java ran.
final class MethodsSection {
  private static final int ROWS = 8;

  private MethodsSection() {}

  static Section of(Figures figures) {
    return new Section(
        "methods",
        "Hot methods",
        "Where Java code was met running, some fifty times a second. Self is the method that ran;"
            + " total is a method with everything that it called, so totals add up to more than all."
            + " Time in the kernel, in the compiler and in collections is not here: a share of the"
            + " samples is not a share of the processor time above.",
        List.of(),
        Panels.of(figures, MethodsSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    HotMethods hot = process.hotMethods();
    var blocks = new ArrayList<Block>();
    long whole = hot.samples() - hot.withoutStack();
    blocks.add(
        new Block.Facts(
            List.of(
                new Block.Fact(
                    "samples",
                    Units.count(hot.samples()),
                    process.isByProcessorTime()
                        ? "by processor time"
                        : "of threads that ran Java"))));
    blocks.add(grid("Self: the method that ran", hot.self(), whole));
    blocks.add(grid("Self, charged to the innermost method of ours", hot.nearestOwn(), whole));
    blocks.add(grid("Total, methods of ours", hot.ownTotal(), whole));
    blocks.add(packages(hot.packageTotal(), whole));
    if (hot.cut() > 0) {
      blocks.add(
          new Block.Note(
              Units.count(hot.cut())
                  + " stacks were deeper than the recording keeps: totals of outer methods are too"
                  + " low by up to so many."));
    }
    return blocks;
  }

  private static Block grid(String title, Sites sites, long all) {
    return new Block.Grid(
        title + cut(sites),
        List.of("method", "samples>", "share>"),
        sites.mostFrequent(ROWS).stream()
            .map(site -> row(site, Names.brief(site.name()), all))
            .toList(),
        "No Java was met running.");
  }

  private static Block packages(Sites sites, long all) {
    return new Block.Grid(
        "Total, packages of ours" + cut(sites),
        List.of("package", "samples>", "share>"),
        sites.mostFrequent(ROWS).stream().map(site -> row(site, site.name(), all)).toList(),
        "None of ours was met.");
  }

  private static List<String> row(Sites.Site site, String name, long all) {
    return List.of(
        name, Units.count(site.count()), Units.percent((double) site.count() / Math.max(1, all)));
  }

  private static String cut(Sites sites) {
    return sites.isCut() ? " (beyond 20,000 as one)" : "";
  }
}
