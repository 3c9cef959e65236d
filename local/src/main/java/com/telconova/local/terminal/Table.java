package com.telconova.local.terminal;

import java.util.ArrayList;
import java.util.List;

/// Rows in columns as wide as their widest cell. A column whose heading ends in `>` is aligned
/// right.
public final class Table {

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /// @param headings one a column; `>` at the end aligns that column right
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /// Adds a row.
  ///
  /// @throws IllegalArgumentException if it has not one cell a column
  public Table row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + headings);
    }
    var row = new ArrayList<String>();
    for (var cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /// Prints headings and rows, indented by two.
  public void print(Terminal terminal) {
    var names = headings.stream().map(h -> right(h) ? h.substring(0, h.length() - 1) : h).toList();
    terminal.quiet(terminal.cut(format(names, names), Terminal.WIDTH));
    for (var row : rows) {
      terminal.line(terminal.cut(format(names, row), Terminal.WIDTH));
    }
  }

  private String format(List<String> names, List<String> cells) {
    var line = new StringBuilder("  ");
    for (int column = 0; column < cells.size(); column++) {
      int at = column;
      int width = names.get(column).length();
      width = Math.max(width, rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0));
      var padding = " ".repeat(width - cells.get(column).length());
      line.append(right(headings.get(column)) ? padding + cells.get(column) : cells.get(column));
      if (!right(headings.get(column))) {
        line.append(padding);
      }
      line.append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static boolean right(String heading) {
    return heading.endsWith(">");
  }
}
