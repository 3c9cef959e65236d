package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.Journey;
import com.telconova.local.report.figures.Journeys;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Single events on their way from process to process.
final class JourneysSection {
  private static final int REQUEST = 0;
  private static final int PUBLISH = 1;
  private static final int POLL = 4;
  private static final int WAIT = 14;
  private static final int HANDLE = 2;

  private final Figures figures;
  private final Journeys journeys;

  private JourneysSection(Figures figures) {
    this.figures = figures;
    this.journeys = figures.journeys();
  }

  static Section of(Figures figures) {
    return new JourneysSection(figures).section();
  }

  private Section section() {
    var blocks = new ArrayList<Block>();
    blocks.add(counted());
    blocks.add(steps());
    var shown = journeys.shown();
    for (int i = 0; i < shown.size(); i++) {
      boolean middling = i == shown.size() - 1 && shown.size() > 1;
      blocks.add(lanes(shown.get(i), middling ? "A middling one" : "Among the slowest"));
    }
    return new Section(
        "journeys",
        "Events on their way",
        "One event through the recordings of all processes, by its id: the request that caused it,"
            + " the call that published it, the poll that brought it and its handling. It needs the"
            + " recordings of both sides at the same time; between two processes, spans are as exact"
            + " as their clocks agree.",
        blocks,
        List.of());
  }

  private Block counted() {
    String how =
        journeys.oneOf() == 1
            ? "all of them"
            : "one of " + Units.count(journeys.oneOf()) + ", chosen by its id";
    return new Block.Facts(
        List.of(
            new Block.Fact("events followed", Units.count(journeys.followed()), how),
            new Block.Fact("published and handled", Units.count(journeys.whole())),
            new Block.Fact(
                "published only",
                Units.count(journeys.onlyPublished()),
                "for nobody here, or handled after the recording"),
            new Block.Fact(
                "handled only",
                Units.count(journeys.notPublished()),
                "published before the recordings, or by a process that is not here")));
  }

  private Block steps() {
    var rows = new ArrayList<List<String>>();
    journeys
        .steps()
        .forEach((type, steps) ->
            rows.add(
                List.of(
                    type,
                    Units.count(steps.endToEnd().count()),
                    Durations.quantile(steps.publishing(), 0.5),
                    Durations.quantile(steps.polling(), 0.5),
                    Durations.quantile(steps.waiting(), 0.5),
                    Durations.quantile(steps.handling(), 0.5),
                    Durations.quantile(steps.endToEnd(), 0.5),
                    Durations.quantile(steps.endToEnd(), 0.9),
                    Durations.quantile(steps.endToEnd(), 0.99),
                    Durations.longest(steps.endToEnd()))));
    return new Block.Grid(
        "Medians of the steps: the call that publishes; from its beginning until polled; until a"
            + " handler has it; the handling. Then from the beginning to the end of all",
        List.of(
            "type",
            "count>",
            "publish>",
            "polled>",
            "wait>",
            "handle>",
            "p50>",
            "p90>",
            "p99>",
            "longest>"),
        rows,
        "no event is in these recordings from its publishing to its handling.");
  }

  private Block lanes(Journey journey, String which) {
    Map<Integer, List<Block.Act>> acts = new LinkedHashMap<>();
    long from = journey.publishStart();
    for (Journey.Request request : journey.requests()) {
      // Others of the same trace, such as what came of it later, explain nothing here.
      if (request.start() <= journey.end()) {
        from = Math.min(from, request.start());
        add(acts, request.process(), REQUEST, request.name(), request.start(), request.end());
      }
    }
    add(
        acts,
        journey.publisher(),
        PUBLISH,
        "published",
        journey.publishStart(),
        journey.publishEnd());
    for (Journey.Leg leg : journey.legs()) {
      if (leg.isPolled()) {
        long start = Math.max(leg.pollStart(), journey.publishStart());
        add(acts, leg.process(), POLL, "polled", Math.min(start, leg.pollEnd()), leg.pollEnd());
      }
      if (leg.isPolled() && leg.isHandled() && leg.handleStart() > leg.pollEnd()) {
        add(acts, leg.process(), WAIT, "waited", leg.pollEnd(), leg.handleStart());
      }
      if (leg.isHandled()) {
        add(acts, leg.process(), HANDLE, "handled", leg.handleStart(), leg.handleEnd());
      }
    }
    long to = from + 1;
    var lanes = new ArrayList<Block.Lane>();
    for (var entry : acts.entrySet()) {
      lanes.add(new Block.Lane(figures.label(entry.getKey()), entry.getValue()));
      to = Math.max(to, entry.getValue().stream().mapToLong(Block.Act::end).max().orElse(to));
    }
    return new Block.Lanes(
        "%s: %s, %s".formatted(which, journey.type(), Units.nanos(journey.nanos())),
        "event %s, trace %s, from %s"
            .formatted(
                journey.id(),
                journey.trace().isEmpty() ? "unknown" : journey.trace(),
                Units.exactTime(from)),
        from,
        to,
        lanes);
  }

  private static void add(
      Map<Integer, List<Block.Act>> acts,
      int process,
      int kind,
      String name,
      long start,
      long end) {
    acts.computeIfAbsent(process, p -> new ArrayList<>())
        .add(new Block.Act(kind, name, start, end));
  }
}
