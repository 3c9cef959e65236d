package com.telconova.local.report.page;

import java.util.List;

/// A piece of a report. Texts are plain: whoever writes the page escapes them.
public sealed interface Block {

  /// Names with what they are.
  record Facts(List<Fact> facts) implements Block {
    public Facts {
      facts = List.copyOf(facts);
    }
  }

  /// @param note what it does not say by itself; empty for nothing
  record Fact(String name, String value, String note) {
    public Fact(String name, String value) {
      this(name, value, "");
    }
  }

  /// A table.
  ///
  /// @param headings one a column; `>` at the end aligns that column right
  /// @param rows each with a cell a column; without any, `empty` is said instead
  record Grid(String title, List<String> headings, List<List<String>> rows, String empty)
      implements Block {
    public Grid {
      headings = List.copyOf(headings);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != headings.size()) {
          throw new IllegalArgumentException(row + " below " + headings);
        }
      }
    }
  }

  /// Curves over time, all charts on the same axis.
  ///
  /// @param from the axis begins, in nanoseconds since 1970
  /// @param to the axis ends
  /// @param known where the recording begins; outside, nothing is known
  /// @param until where it ends
  /// @param top the highest that the scale must show, so that charts beside each other share it
  /// @param form how the lines are drawn
  /// @param lines without any point, `empty` is said instead
  record Chart(
      String title,
      Unit unit,
      long from,
      long to,
      long known,
      long until,
      double top,
      Form form,
      List<Line> lines,
      String empty)
      implements Block {
    public Chart {
      lines = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    }

    /// The highest number in it; of what is stacked, together.
    public double highest() {
      if (form != Form.STACKED) {
        return lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::value)
            .filter(value -> !Double.isNaN(value))
            .max()
            .orElse(0);
      }
      var sums = new java.util.HashMap<Long, Double>();
      lines.forEach(line ->
          line.points()
              .forEach(point ->
                  sums.merge(
                      point.at(), Double.isNaN(point.value()) ? 0 : point.value(), Double::sum)));
      return sums.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /// The same with a scale that shows at least this.
    public Chart upTo(double value) {
      return new Chart(title, unit, from, to, known, until, value, form, lines, empty);
    }
  }

  /// How lines are drawn: points joined, one upon the other for spans of time, or bars.
  enum Form {
    LINES,
    STACKED,
    BARS
  }

  /// A line's points in the order of time.
  ///
  /// @param kind the same for the same thing in all charts, from 0; it is drawn by that
  record Line(String name, int kind, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  /// @param at in nanoseconds since 1970
  /// @param until the end of what it speaks of; the same as `at` for a moment
  /// @param value NaN for a gap
  record Point(long at, long until, double value) {}

  /// What durations are made of, one bar for each, all of the same length.
  record Bars(String title, List<Bar> bars, String empty) implements Block {
    public Bars {
      bars = List.copyOf(bars);
    }
  }

  /// @param parts in the order they are drawn; they add up to the bar
  record Bar(String name, String about, List<Part> parts) {
    public Bar {
      parts = List.copyOf(parts);
    }

    long nanos() {
      return parts.stream().mapToLong(Part::nanos).sum();
    }
  }

  /// @param kind the same for the same thing in all bars, from 0
  record Part(int kind, String name, long nanos) {}

  /// What took place in some processes, one lane for each, on one axis of its own.
  ///
  /// @param from in nanoseconds since 1970
  record Lanes(String title, String about, long from, long to, List<Lane> lanes) implements Block {
    public Lanes {
      lanes = List.copyOf(lanes);
    }
  }

  record Lane(String name, List<Act> acts) {
    public Lane {
      acts = List.copyOf(acts);
    }
  }

  /// @param kind the same for the same thing in all lanes, from 0
  record Act(int kind, String name, long start, long end) {}

  /// A sentence or two.
  record Note(String text) implements Block {}
}
