package com.telconova.local.bench;

import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a part of the suite found.
///
/// @param part its name
/// @param quick whether it was cut short, so that no figure of it counts
/// @param seconds how long it took
/// @param machine what it ran on
/// @param commands what was run beside the services, to do it by hand
/// @param missing what could not be measured, and what to do about it
record Outcome(
    String part,
    Instant at,
    boolean quick,
    long seconds,
    MachineFacts machine,
    List<Judged> budgets,
    List<Grid> grids,
    List<String> notes,
    List<String> commands,
    List<String> missing) {

  /// A figure for a budget.
  ///
  /// @param budget by its name
  /// @param figure in the budget's unit
  /// @param detail what it was taken from
  record Judged(Budget budget, double figure, String detail) {}

  /// A table.
  ///
  /// @param headings `>` at the end aligns a column right
  record Grid(String title, List<String> headings, List<List<String>> rows) {
    void print(Terminal terminal) {
      var table = new Table(headings.toArray(String[]::new));
      rows.forEach(row -> table.row(row.toArray()));
      terminal.heading(title);
      table.print(terminal);
    }
  }

  /// Collects it.
  static final class Draft {
    private final List<Judged> budgets = new ArrayList<>();
    private final List<Grid> grids = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    void judge(Budget budget, double figure, String detail) {
      budgets.add(new Judged(budget, figure, detail));
    }

    /// Adds an empty table; its rows are added to what is returned.
    List<List<String>> grid(String title, String... headings) {
      var rows = new ArrayList<List<String>>();
      grids.add(new Grid(title, List.of(headings), rows));
      return rows;
    }

    void note(String text, Object... arguments) {
      notes.add(arguments.length == 0 ? text : text.formatted(arguments));
    }

    void command(String text) {
      commands.add(text);
    }

    void missing(String text) {
      missing.add(text);
    }

    Outcome of(String part, Instant at, boolean quick, long seconds, MachineFacts machine) {
      return new Outcome(
          part, at, quick, seconds, machine, budgets, grids, notes, commands, missing);
    }
  }
}
