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
  private static final int NAME = 26;

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
    // The first column gives way: it holds names, the others numbers.
    int rest = 0;
    for (int column = 1; column < columns; column++) {
      rest += widths[column] + 2;
    }
    widths[0] = Math.max(8, Math.min(widths[0], WIDTH - indent.length() - 2 - rest));
    line(indent + "  " + row(grid, names, widths));
    grid.rows().forEach(row -> line(indent + "  " + row(grid, row, widths)));
  }

  private String row(Block.Grid grid, List<String> cells, int[] widths) {
    var text = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
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
    for (var one : chart.lines()) {
      double most =
          one.points().stream()
              .mapToDouble(Block.Point::value)
              .filter(value -> !Double.isNaN(value))
              .max()
              .orElse(Double.NaN);
      line(
          indent
              + "  "
              + pad(cut(plain(one.name()), 22), 22)
              + " "
              + spark(chart, one, top)
              + " up to "
              + chart.unit().text(most));
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
