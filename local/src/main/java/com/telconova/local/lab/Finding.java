package com.telconova.local.lab;

import java.util.ArrayList;
import java.util.List;

/// What an experiment found.
///
/// @param columns keys of the table's headings, without the experiment's name; those that end in
///   `>` are aligned right
/// @param rows of the table, a [Message], [Quantity], [Range] or text in each cell
/// @param answers sentences that follow from what was measured, whatever that was
record Finding(List<String> columns, List<List<Object>> rows, List<Message> answers) {
  Finding {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    answers = List.copyOf(answers);
  }

  static Builder of(String... columns) {
    return new Builder(List.of(columns));
  }

  /// Collects rows and answers.
  static final class Builder {
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<Message> answers = new ArrayList<>();

    private Builder(List<String> columns) {
      this.columns = columns;
    }

    Builder row(Object... cells) {
      if (cells.length != columns.size()) {
        throw new IllegalArgumentException(cells.length + " cells for " + columns);
      }
      rows.add(List.of(cells));
      return this;
    }

    Builder answer(String key, Object... values) {
      answers.add(Message.of(key, values));
      return this;
    }

    Finding build() {
      return new Finding(columns, rows, answers);
    }
  }
}
