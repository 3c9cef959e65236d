package com.telconova.local.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// Charts as inline SVG. Lines differ by colour and by dashes, areas by colour and by hatching, so
/// that nothing is told by colour alone; each has a title and a description, and what is drawn
/// tells its numbers when it is pointed at.
final class Svg {
  /// Colours that there are; beyond them they begin again.
  private static final int KINDS = 17;

  private static final int WIDTH = 400;
  private static final int HEIGHT = 150;
  private static final int LEFT = 52;
  private static final int RIGHT = 6;
  private static final int TOP = 8;
  private static final int BOTTOM = 20;
  private static final int WIDE = 1200;

  private final StringBuilder html;
  private int number;

  Svg(StringBuilder html) {
    this.html = html;
  }

  /// What areas are filled with, once a page.
  void patterns() {
    html.append("<svg width=\"0\" height=\"0\" aria-hidden=\"true\" class=\"defs\"><defs>");
    for (int kind = 0; kind < KINDS; kind++) {
      html.append("<pattern id=\"p")
          .append(kind)
          .append("\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"")
          .append(List.of("", " patternTransform=\"rotate(45)\"", "", "").get(kind % 4))
          .append("><rect width=\"6\" height=\"6\" class=\"f")
          .append(kind)
          .append("\"/>")
          .append(hatching(kind))
          .append("</pattern>");
    }
    html.append("<pattern id=\"nothing\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"")
        .append(" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\"")
        .append(" class=\"void\"/></pattern></defs></svg>\n");
  }

  private static String hatching(int kind) {
    return switch (kind % 4) {
      case 1 -> "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" class=\"hatch\"/>";
      case 2 -> "<circle cx=\"3\" cy=\"3\" r=\"1\" class=\"dot\"/>";
      case 3 -> "<line x1=\"0\" y1=\"3\" x2=\"6\" y2=\"3\" class=\"hatch\"/>";
      default -> "";
    };
  }

  void chart(Block.Chart chart) {
    if (chart.lines().isEmpty()) {
      html.append("<p class=\"none\"><b>")
          .append(HtmlPage.escape(chart.title()))
          .append("</b> ")
          .append(HtmlPage.escape(chart.empty()))
          .append("</p>\n");
      return;
    }
    double top = Scale.roundUp(Math.max(chart.top(), chart.highest()), chart.unit().isBinary());
    html.append("<figure><figcaption>")
        .append(HtmlPage.escape(chart.title()))
        .append("</figcaption>");
    open(WIDTH, HEIGHT, chart.title(), describe(chart));
    frame(chart, top);
    switch (chart.form()) {
      case LINES -> lines(chart, top);
      case STACKED -> stacked(chart, top);
      case BARS -> columns(chart, top);
    }
    html.append("</svg>");
    legend(chart);
    html.append("</figure>\n");
  }

  private static String describe(Block.Chart chart) {
    var text = new StringBuilder();
    for (var line : chart.lines()) {
      double most =
          line.points().stream()
              .mapToDouble(Block.Point::value)
              .filter(value -> !Double.isNaN(value))
              .max()
              .orElse(Double.NaN);
      text.append(line.name()).append(": up to ").append(chart.unit().text(most)).append(". ");
    }
    return text.toString();
  }

  private void open(int width, int height, String title, String about) {
    number++;
    html.append("<svg viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\" role=\"img\" aria-labelledby=\"t")
        .append(number)
        .append(" d")
        .append(number)
        .append("\"><title id=\"t")
        .append(number)
        .append("\">")
        .append(HtmlPage.escape(title))
        .append("</title><desc id=\"d")
        .append(number)
        .append("\">")
        .append(HtmlPage.escape(about))
        .append("</desc>");
  }

  private void frame(Block.Chart chart, double top) {
    for (int step = 0; step <= 2; step++) {
      double y = y(top * step / 2, top);
      html.append("<line class=\"grid\"")
          .append(at("x1", LEFT))
          .append(at("x2", WIDTH - RIGHT))
          .append(at("y1", y))
          .append(at("y2", y))
          .append("/>");
      text(LEFT - 4, y + 3, "tick end", chart.unit().text(top * step / 2));
    }
    for (long moment : Scale.moments(chart.from(), chart.to(), 4)) {
      double x = x(chart, moment);
      html.append("<line class=\"grid\"")
          .append(at("x1", x))
          .append(at("x2", x))
          .append(at("y1", TOP))
          .append(at("y2", HEIGHT - BOTTOM))
          .append("/>");
      double inside = Math.clamp(x, LEFT + 18, WIDTH - RIGHT - 20);
      text(inside, HEIGHT - 6, "tick middle", Units.time(moment));
    }
    nothing(x(chart, chart.from()), x(chart, chart.known()));
    nothing(x(chart, chart.until()), x(chart, chart.to()));
  }

  private void nothing(double from, double to) {
    if (to - from >= 1) {
      rect("fv", from, TOP, to - from, HEIGHT - BOTTOM - TOP, "not recorded");
    }
  }

  private void lines(Block.Chart chart, double top) {
    for (var line : chart.lines()) {
      int kind = line.kind();
      var path = new StringBuilder();
      boolean pen = false;
      for (var point : line.points()) {
        if (Double.isNaN(point.value())) {
          pen = false;
          continue;
        }
        path.append(pen ? 'L' : 'M')
            .append(round(x(chart, (point.at() + point.until()) / 2)))
            .append(' ')
            .append(round(y(point.value(), top)));
        pen = true;
      }
      html.append("<path class=\"line l")
          .append(kind % KINDS)
          .append("\" d=\"")
          .append(path)
          .append("\"/>");
    }
    hints(chart);
  }

  /// One unseen rectangle for each moment that any line has, with what all of them say.
  private void hints(Block.Chart chart) {
    var texts = new TreeMap<Long, StringBuilder>();
    for (var line : chart.lines()) {
      for (var point : line.points()) {
        if (!Double.isNaN(point.value())) {
          texts
              .computeIfAbsent((point.at() + point.until()) / 2, Svg::head)
              .append("\n")
              .append(line.name())
              .append(": ")
              .append(chart.unit().text(point.value()));
        }
      }
    }
    var moments = new ArrayList<>(texts.keySet());
    for (int i = 0; i < moments.size(); i++) {
      double here = x(chart, moments.get(i));
      double from = i == 0 ? here - 5 : (x(chart, moments.get(i - 1)) + here) / 2;
      double to = i == moments.size() - 1 ? here + 5 : (here + x(chart, moments.get(i + 1))) / 2;
      rect(
          "hint",
          from,
          TOP,
          to - from,
          HEIGHT - BOTTOM - TOP,
          texts.get(moments.get(i)).toString());
    }
  }

  private static StringBuilder head(long at) {
    return new StringBuilder(Units.time(at));
  }

  private void stacked(Block.Chart chart, double top) {
    var heights = new TreeMap<Long, Double>();
    for (var line : chart.lines()) {
      int kind = line.kind();
      for (var point : line.points()) {
        if (Double.isNaN(point.value()) || point.value() <= 0) {
          continue;
        }
        double below = heights.getOrDefault(point.at(), 0.0);
        heights.put(point.at(), below + point.value());
        double from = x(chart, point.at());
        double high = y(below + point.value(), top);
        rect(
            "a" + kind % KINDS,
            from,
            high,
            Math.max(0.5, x(chart, point.until()) - from),
            Math.max(0, y(below, top) - high),
            line.name()
                + ": "
                + chart.unit().text(point.value())
                + "\n"
                + Units.time(point.at())
                + " to "
                + Units.time(point.until()));
      }
    }
  }

  private void columns(Block.Chart chart, double top) {
    for (var line : chart.lines()) {
      int kind = line.kind();
      for (var point : line.points()) {
        if (!Double.isNaN(point.value()) && point.value() > 0) {
          double from = x(chart, point.at());
          double high = y(point.value(), top);
          rect(
              "a" + kind % KINDS,
              from,
              high,
              Math.max(1, x(chart, point.until()) - from - 0.3),
              Math.max(0.8, y(0, top) - high),
              line.name()
                  + ": "
                  + chart.unit().text(point.value())
                  + "\n"
                  + Units.time(point.at()));
        }
      }
    }
  }

  private void legend(Block.Chart chart) {
    html.append("<p class=\"legend\">");
    for (var line : chart.lines()) {
      int kind = line.kind();
      html.append("<span><svg viewBox=\"0 0 22 10\" aria-hidden=\"true\">");
      if (chart.form() == Block.Form.LINES) {
        html.append("<path class=\"line l").append(kind % KINDS).append("\" d=\"M0 5L22 5\"/>");
      } else {
        html.append("<rect class=\"a")
            .append(kind % KINDS)
            .append("\" width=\"22\" height=\"10\"/>");
      }
      html.append("</svg>").append(HtmlPage.escape(line.name())).append("</span> ");
    }
    html.append("</p>");
  }

  void bars(Block.Bars bars) {
    if (bars.bars().isEmpty()) {
      html.append("<p class=\"none\"><b>")
          .append(HtmlPage.escape(bars.title()))
          .append("</b> ")
          .append(HtmlPage.escape(bars.empty()))
          .append("</p>\n");
      return;
    }
    html.append("<div class=\"bars\"><h4>").append(HtmlPage.escape(bars.title())).append("</h4>");
    for (var bar : bars.bars()) {
      html.append("<div class=\"bar\"><p><b>")
          .append(Units.nanos(bar.nanos()))
          .append("</b> ")
          .append(HtmlPage.escape(bar.name()))
          .append("</p>");
      open(WIDTH, 14, bar.name(), parts(bar));
      double from = 0;
      for (var part : bar.parts()) {
        double width = (double) part.nanos() / Math.max(1, bar.nanos()) * WIDTH;
        rect(
            "a" + part.kind() % KINDS,
            from,
            0,
            width,
            14,
            part.name() + ": " + Units.nanos(part.nanos()));
        from += width;
      }
      html.append("</svg><p class=\"parts\">");
      for (var part : bar.parts()) {
        html.append("<span><svg viewBox=\"0 0 12 10\" aria-hidden=\"true\"><rect class=\"a")
            .append(part.kind() % KINDS)
            .append("\" width=\"12\" height=\"10\"/></svg>")
            .append(Units.nanos(part.nanos()))
            .append(' ')
            .append(HtmlPage.escape(part.name()))
            .append("</span> ");
      }
      html.append("</p><p class=\"about\">")
          .append(HtmlPage.escape(bar.about()))
          .append("</p></div>");
    }
    html.append("</div>\n");
  }

  private static String parts(Block.Bar bar) {
    var text = new StringBuilder();
    bar.parts()
        .forEach(part ->
            text.append(part.name()).append(' ').append(Units.nanos(part.nanos())).append(". "));
    return text.toString();
  }

  void lanes(Block.Lanes lanes) {
    int label = 110;
    int row = 22;
    var rows = new ArrayList<Integer>();
    int height = 22;
    for (var lane : lanes.lanes()) {
      rows.add(height);
      height += Math.max(1, lane.acts().size()) * row + 8;
    }
    html.append("<figure class=\"wide\"><figcaption>")
        .append(HtmlPage.escape(lanes.title()))
        .append(" <small>")
        .append(HtmlPage.escape(lanes.about()))
        .append("</small></figcaption>");
    open(WIDE, height, lanes.title(), lanes.about());
    double scale = (double) (WIDE - label - 10) / Math.max(1, lanes.to() - lanes.from());
    for (int step = 0; step <= 4; step++) {
      double x = label + (WIDE - label - 10) * step / 4.0;
      html.append("<line class=\"grid\"")
          .append(at("x1", x))
          .append(at("x2", x))
          .append(at("y1", 16))
          .append(at("y2", height))
          .append("/>");
      text(
          x,
          11,
          step == 4 ? "tick end" : step == 0 ? "tick" : "tick middle",
          "+" + Units.nanos((lanes.to() - lanes.from()) * step / 4));
    }
    for (int i = 0; i < lanes.lanes().size(); i++) {
      var lane = lanes.lanes().get(i);
      int y = rows.get(i);
      rect("lane", 0, y, WIDE, Math.max(1, lane.acts().size()) * row + 2, lane.name());
      text(6, y + 15, "name", lane.name());
      for (var act : lane.acts()) {
        double from = label + Math.max(0, act.start() - lanes.from()) * scale;
        double width = Math.max(2, (act.end() - Math.max(act.start(), lanes.from())) * scale);
        String says = act.name() + ", " + Units.nanos(Math.max(0, act.end() - act.start()));
        rect(
            "a" + act.kind() % KINDS,
            from,
            y + 4,
            width,
            row - 7,
            says + "\nfrom +" + Units.nanos(Math.max(0, act.start() - lanes.from())));
        // Where there is no place behind it, what it is stands before it.
        boolean behind = from + width + says.length() * 6.2 < WIDE;
        text(behind ? from + width + 5 : from - 5, y + 15, behind ? "act" : "act end", says);
        y += row;
      }
    }
    html.append("</svg></figure>\n");
  }

  private void rect(String kind, double x, double y, double width, double height, String title) {
    html.append("<rect class=\"")
        .append(kind)
        .append('"')
        .append(at("x", x))
        .append(at("y", y))
        .append(at("width", Math.max(0, width)))
        .append(at("height", height))
        .append("><title>")
        .append(HtmlPage.escape(title).replace("\uFFFD", "\n"))
        .append("</title></rect>");
  }

  private void text(double x, double y, String kind, String text) {
    html.append("<text class=\"")
        .append(kind)
        .append('"')
        .append(at("x", x))
        .append(at("y", y))
        .append('>')
        .append(HtmlPage.escape(text))
        .append("</text>");
  }

  private static String at(String name, double value) {
    return " " + name + "=\"" + round(value) + "\"";
  }

  private static double x(Block.Chart chart, long at) {
    double share = (double) (at - chart.from()) / (chart.to() - chart.from());
    return LEFT + Math.clamp(share, 0, 1) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double top) {
    return TOP + (1 - Math.clamp(value / top, 0, 1)) * (HEIGHT - TOP - BOTTOM);
  }

  private static String round(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
