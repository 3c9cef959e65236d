package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Requests;
import com.telconova.local.report.figures.SlowRequest;
import com.telconova.local.report.figures.WaitKind;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Unit;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Requests, and what the slowest waited for.
final class RequestsSection {
  private static final int ROWS = 12;

  /// Waits shorter than this share of the request are one part.
  private static final double BRIEF = 0.005;

  private static final int COLOUR_OF_BEFORE = 15;
  private static final int COLOUR_OF_BRIEF = 16;

  private RequestsSection() {}

  static Section of(Figures figures) {
    var kinds = EnumSet.of(WaitKind.REST);
    figures
        .processes()
        .forEach(process ->
            process
                .requests()
                .slowest()
                .forEach(request -> kinds.addAll(request.segments().keySet())));
    return new Section(
        "requests",
        "Requests",
        "How many requests each process answered and how long they took, and what the slowest waited"
            + " for, as far as it was recorded. At most 500 requests a second are recorded, so a busier process had more."
            + " What overlaps is counted once, and parts add up to the whole: waits that were too"
            + " short to be recorded are in the rest, with the time it ran.",
        List.of(
            new Block.Facts(
                kinds.stream().map(kind -> new Block.Fact(kind.title(), kind.about())).toList())),
        Panels.of(figures, RequestsSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    var curves = new Curves(process);
    Requests requests = process.requests();
    var rows =
        requests.routes(ROWS).stream()
            .map(route ->
                List.of(
                    route.name(),
                    Units.count(route.duration().count()),
                    Units.count(route.clientErrors()) + " / " + route.serverErrors(),
                    Durations.quantile(route.duration(), 0.5),
                    Durations.quantile(route.duration(), 0.99),
                    Durations.longest(route.duration())))
            .toList();
    int more = requests.routeCount() - rows.size();
    return List.of(
        curves.chart(
            "Requests",
            Unit.PER_SECOND,
            Block.Form.BARS,
            List.of(
                curves.perSecond("answered", requests.rate()),
                curves.perSecond("of them 5xx", requests.failures())),
            "There was none, or they were not recorded."),
        new Block.Grid(
            more > 0 ? "The most asked for; %d more routes are not shown".formatted(more) : "",
            List.of("route", "count>", "4xx / 5xx>", "p50>", "p99>", "longest>"),
            rows,
            "No request is in this recording."),
        new Block.Bars(
            "The slowest, and what they waited for: each bar is a whole request",
            requests.slowest().stream().map(RequestsSection::bar).toList(),
            "There was none."));
  }

  private static Block.Bar bar(SlowRequest request) {
    var parts = new ArrayList<Block.Part>();
    long brief = 0;
    for (var segment : request.segments().entrySet()) {
      WaitKind kind = segment.getKey();
      long nanos = segment.getValue();
      if (kind != WaitKind.REST && nanos < request.nanos() * BRIEF) {
        brief += nanos;
      } else {
        int colour = kind == WaitKind.BEFORE ? COLOUR_OF_BEFORE : kind.ordinal() - 1;
        parts.add(new Block.Part(colour, kind.title(), nanos));
      }
    }
    if (brief > 0) {
      parts.add(new Block.Part(COLOUR_OF_BRIEF, "brief waits", brief));
    }
    String about =
        "at %s, met running %d times; request %s, trace %s%s"
            .formatted(
                Units.exactTime(request.start()),
                request.running(),
                orNone(request.requestId()),
                orNone(request.traceId()),
                request.isCut() ? "; it had more waits than are shown" : "");
    return new Block.Bar(request.name() + " → " + request.status(), about, parts);
  }

  private static String orNone(String id) {
    return id.isEmpty() ? "unknown" : id;
  }
}
