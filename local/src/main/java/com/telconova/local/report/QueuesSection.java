package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Queues;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What goes from process to process by queues.
final class QueuesSection {
  private static final int ROWS = 14;

  private QueuesSection() {}

  static Section of(Figures figures) {
    return new Section(
        "queues",
        "Queues",
        "How processes speak with each other when nobody waits: one publishes events, others poll"
            + " their queue and handle them. End to end is from when an event occurred, in whole"
            + " milliseconds, to the end of its handling. A poll that brings nothing lasts as long as"
            + " it may wait: that is rest, not work. At most 500 handlings a second are recorded.",
        List.of(),
        Panels.of(figures, QueuesSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    Queues queues = process.queues();
    var blocks = new ArrayList<Block>();
    blocks.add(
        curves.chart(
            "Events handled",
            Unit.PER_SECOND,
            Block.Form.BARS,
            List.of(curves.perSecond("handled", queues.handledRate())),
            "None was handled."));
    if (queues.publishing().count() > 0) {
      blocks.add(
          new Block.Facts(
              List.of(
                  new Block.Fact(
                      "published",
                      Units.count(queues.published()),
                      "%s accepted, %s refused, %s"
                          .formatted(
                              Units.count(queues.accepted()),
                              Units.count(queues.refused()),
                              Units.bytes(queues.publishedBytes()))))));
      blocks.add(Tables.durations("", Map.of("calls that publish", queues.publishing())));
    } else {
      blocks.add(new Block.Note("It published nothing."));
    }
    blocks.add(
        new Block.Grid(
            "Polls",
            List.of("queue", "with messages>", "messages>", "empty>", "p50 empty>"),
            queues.polled().entrySet().stream()
                .map(queue ->
                    List.of(
                        queue.getKey(),
                        Units.count(queue.getValue().withMessages().count()),
                        Units.count(queue.getValue().messages()),
                        Units.count(queue.getValue().empty().count()),
                        Durations.quantile(queue.getValue().empty(), 0.5)))
                .toList(),
            "no queue was polled."));
    blocks.add(
        new Block.Grid(
            "Handling: how long it took",
            List.of("type", "count>", "failed>", "p50>", "p99>", "longest>"),
            queues.handled().stream()
                .limit(ROWS)
                .map(type ->
                    List.of(
                        type.type(),
                        Units.count(type.handling().count()),
                        Units.count(type.failed()),
                        Durations.quantile(type.handling(), 0.5),
                        Durations.quantile(type.handling(), 0.99),
                        Durations.longest(type.handling())))
                .toList(),
            "nothing was handled."));
    blocks.add(
        new Block.Grid(
            "End to end: from when it occurred until it was handled",
            List.of("type", "again>", "p50>", "p90>", "p99>", "longest>"),
            queues.handled().stream()
                .limit(ROWS)
                .map(type ->
                    List.of(
                        type.type(),
                        Units.count(type.again()),
                        Durations.quantile(type.endToEnd(), 0.5),
                        Durations.quantile(type.endToEnd(), 0.9),
                        Durations.quantile(type.endToEnd(), 0.99),
                        Durations.longest(type.endToEnd())))
                .toList(),
            "nothing was handled."));
    return blocks;
  }
}
