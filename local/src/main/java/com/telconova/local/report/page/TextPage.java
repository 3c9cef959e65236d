package com.telconova.local.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A report as plain text, no wider than 100 columns. What comes from a recording can hold
/// anything: control characters, which a terminal would obey, are shown as `?`.
public final class TextPage {
  /// The widest line.
  static final int WIDTH = 100;

  private static final String UNICODE_LEVELS = "▁▂▃▄▅▆▇█";
  private static final String ASCII_LEVELS = ".:-=+*%#";
  private static final int SPARK = 48;

  // Of what is stacked, less than this share of the scale.
  private static final double SMALL = 0.04;
  private static final int NAME = 26;
  private static final int MIN_NAME = 34;

  private final boolean unicode;
  private final List<String> lines = new ArrayList<>();

  private TextPage(boolean unicode) {
    this.unicode = unicode;
  }

  /// @param unicode whether more than ASCII may be written
  /// @return its lines
  public static List<String> of(Document document, boolean unicode) {
    var page = new TextPage(unicode);
    page.write(document);
    return page.lines;
  }

  private void write(Document document) {
    line(document.title());
    wrap(document.subtitle(), "");
    document.notes().forEach(note -> wrap("! " + note, "  "));
    for (Section section : document.sections()) {
      line("");
      line(section.title().toUpperCase(java.util.Locale.ROOT));
      wrap(section.lead(), "");
      section.shared().forEach(block -> write(block, "  "));
      for (Section.Panel panel : section.panels()) {
        line("");
        line("  " + panel.name());
        panel.blocks().forEach(block -> write(block, "    "));
      }
    }
  }

  private void write(Block block, String indent) {
    switch (block) {
      case Block.Facts facts -> facts(facts, indent);
      case Block.Grid grid -> grid(grid, indent);
      case Block.Chart chart -> chart(chart, indent);
      case Block.Bars bars -> bars(bars, indent);
      case Block.Lanes lanes -> lanes(lanes, indent);
      case Block.Note note -> wrap(note.text(), indent);
    }
  }

  private void facts(Block.Facts facts, String indent) {
    for (var fact : facts.facts()) {
      String note = fact.note().isEmpty() ? "" : "  (" + fact.note() + ")";
      String text = indent + pad(fact.name(), NAME) + " " + fact.value() + note;
      if (plain(text).length() <= WIDTH) {
        line(text);
      } else {
        line(indent + pad(fact.name(), NAME) + " " + fact.value());
        wrap("(" + fact.note() + ")", indent + " ".repeat(NAME + 1));
      }
    }
  }

  private void grid(Block.Grid grid, String indent) {
    if (grid.rows().isEmpty()) {
      wrap(grid.title().isEmpty() ? grid.empty() : grid.title() + ": " + grid.empty(), indent);
      return;
    }
    if (!grid.title().isEmpty()) {
      wrap(grid.title(), indent);
    }
    int columns = grid.headings().size();
    var widths = new int[columns];
    var names = grid.headings().stream().map(TextPage::name).toList();
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[column] =
          Math.max(
              plain(names.get(at)).length(),
              grid.rows().stream().mapToInt(row -> plain(row.get(at)).length()).max().orElse(0));
    }
    // The first column gives way: it holds names, the others numbers. What has no place beside it
    // even so stands in another table below.
    int place = WIDTH - indent.length() - 2;
    for (int from = 1; from < Math.max(2, columns); ) {
      int name = Math.min(widths[0], MIN_NAME);
      int to = from;
      int taken = 0;
      while (to < columns && (to == from || name + taken + widths[to] + 2 <= place)) {
        taken += widths[to] + 2;
        to++;
      }
      var now = widths.clone();
      now[0] = Math.max(8, Math.min(widths[0], place - taken));
      int begin = from;
      int end = to;
      line(indent + "  " + row(grid, names, now, begin, end));
      grid.rows().forEach(row -> line(indent + "  " + row(grid, row, now, begin, end)));
      from = Math.max(to, from + 1);
    }
  }

  private String row(Block.Grid grid, List<String> cells, int[] widths, int from, int to) {
    var text = new StringBuilder();
    for (int column = 0; column < to; column++) {
      if (column > 0 && column < from) {
        continue;
      }
      String cell = cut(plain(cells.get(column)), widths[column]);
      String padding = " ".repeat(Math.max(0, widths[column] - cell.length()));
      boolean right = grid.headings().get(column).endsWith(">");
      text.append(right ? padding + cell : cell + padding).append("  ");
    }
    return text.toString().stripTrailing();
  }

  private void chart(Block.Chart chart, String indent) {
    if (chart.lines().isEmpty()) {
      wrap(chart.title() + ": " + chart.empty(), indent);
      return;
    }
    line(
        indent
            + chart.title()
            + " ("
            + Units.time(chart.from())
            + " to "
            + Units.time(chart.to())
            + ")");
    double top = Math.max(chart.top(), chart.highest());
    int small = 0;
    for (var one : chart.lines()) {
      double most =
          one.points().stream()
              .mapToDouble(Block.Point::value)
              .filter(value -> !Double.isNaN(value))
              .max()
              .orElse(Double.NaN);
      if (chart.form() == Block.Form.STACKED && most < top * SMALL && chart.lines().size() > 2) {
        small++;
        continue;
      }
      line(
          indent
              + "  "
              + pad(cut(plain(one.name()), 22), 22)
              + " "
              + spark(chart, one, top)
              + " up to "
              + chart.unit().text(most));
    }
    if (small > 0) {
      line(indent + "  and " + small + " too small to be drawn");
    }
  }

  private String spark(Block.Chart chart, Block.Line line, double top) {
    var highest = new double[SPARK];
    java.util.Arrays.fill(highest, Double.NaN);
    double width = (double) (chart.to() - chart.from()) / SPARK;
    for (var point : line.points()) {
      int from = Math.clamp((long) ((point.at() - chart.from()) / width), 0, SPARK - 1);
      int to = Math.clamp((long) ((point.until() - 1 - chart.from()) / width), from, SPARK - 1);
      for (int cell = from; cell <= to; cell++) {
        highest[cell] =
            Double.isNaN(highest[cell]) ? point.value() : Math.max(highest[cell], point.value());
      }
    }
    if (chart.form() == Block.Form.LINES) {
      join(highest);
    }
    String levels = unicode ? UNICODE_LEVELS : ASCII_LEVELS;
    var text = new StringBuilder();
    for (double value : highest) {
      boolean none = Double.isNaN(value) || chart.form() == Block.Form.BARS && value == 0;
      text.append(
          none
              ? ' '
              : levels.charAt(
                  Math.clamp((long) (value / (top > 0 ? top : 1) * levels.length()), 0, 7)));
    }
    return text.toString();
  }

  /// As a line is drawn from point to point.
  private static void join(double[] values) {
    int last = -1;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        for (int gap = last + 1; last >= 0 && gap < i; gap++) {
          double share = (double) (gap - last) / (i - last);
          values[gap] = values[last] + (values[i] - values[last]) * share;
        }
        last = i;
      }
    }
  }

  private void bars(Block.Bars bars, String indent) {
    if (bars.bars().isEmpty()) {
      wrap(bars.title() + ": " + bars.empty(), indent);
      return;
    }
    wrap(bars.title(), indent);
    for (var bar : bars.bars()) {
      wrap(pad(Units.nanos(bar.nanos()), 8) + " " + bar.name(), indent + "  ");
      wrap(bar.about(), indent + "           ");
      wrap(
          bar.parts().stream()
              .map(part -> Units.nanos(part.nanos()) + " " + part.name())
              .collect(Collectors.joining("; ")),
          indent + "           ");
    }
  }

  private void lanes(Block.Lanes lanes, String indent) {
    line("");
    wrap(lanes.title(), indent);
    wrap(lanes.about(), indent);
    for (var lane : lanes.lanes()) {
      for (var act : lane.acts()) {
        line(
            indent
                + "  +"
                + pad(Units.nanos(Math.max(0, act.start() - lanes.from())), 8)
                + " "
                + pad(cut(plain(lane.name()), 20), 20)
                + " "
                + cut(plain(act.name()), 44)
                + ", "
                + Units.nanos(Math.max(0, act.end() - act.start())));
      }
    }
  }

  private void wrap(String text, String indent) {
    var now = new StringBuilder(indent);
    for (String word : plain(text).split(" ")) {
      boolean first = now.length() == indent.length();
      if (!first && now.length() + 1 + word.length() > WIDTH) {
        lines.add(now.toString());
        now = new StringBuilder(indent);
        first = true;
      }
      now.append(first ? "" : " ").append(cut(word, WIDTH - indent.length()));
    }
    lines.add(now.toString());
  }

  private void line(String text) {
    lines.add(cut(plain(text), WIDTH));
  }

  private static String name(String heading) {
    return heading.endsWith(">") ? heading.substring(0, heading.length() - 1) : heading;
  }

  private String pad(String text, int width) {
    String plain = plain(text);
    return plain + " ".repeat(Math.max(0, width - plain.length()));
  }

  private String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    String mark = unicode ? "…" : "..";
    return text.substring(0, Math.max(0, width - mark.length())) + mark;
  }

  private String plain(String text) {
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
        plain.append('?');
      } else if (unicode || each < 128) {
        plain.append(each);
      } else {
        plain.append(
            switch (each) {
              case 'µ' -> "u";
              case '→' -> "->";
              case '…' -> "..";
              case '·', '–' -> "-";
              case '≥' -> ">=";
              case '×' -> "x";
              default -> "?";
            });
      }
    }
    return plain.toString();
  }
}
