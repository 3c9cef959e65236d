package com.telconova.local.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `docs/performance.md`: what was wanted, what was measured, and how.
final class Page {
  private static final String BEGINNING =
      """
      # How fast, and how small

      Written by `./microflow bench`, which measures all of it in one run; `--only get,list` runs some parts again. Nothing
      here was typed in. Absolute figures are of one machine; the ratios are to things measured on it in the same minutes.

      """;

  private Page() {}

  /// @param outcomes of the parts that were run, in the order to be shown
  /// @param command by which they were
  static String of(List<Outcome> outcomes, String command) {
    var page = new StringBuilder(BEGINNING);
    if (outcomes.stream().anyMatch(Outcome::quick)) {
      page.append("**Cut short (`--quick`): it shows that it works, and no figure counts.**\n\n");
    }
    machines(page, outcomes, command);
    budgets(page, outcomes);
    for (var outcome : outcomes) {
      part(page, outcome);
    }
    return page.toString();
  }

  private static void machines(StringBuilder page, List<Outcome> outcomes, String command) {
    page.append("## The machine\n\n");
    outcomes.stream()
        .map(o -> o.machine().text())
        .distinct()
        .forEach(text -> page.append("- ").append(text).append('\n'));
    page.append("- the last run: `").append(command).append("`\n\n");
    page.append(
        "| part | when (UTC) | took | commit | load average before |\n|---|---|---|---|---|\n");
    for (var outcome : outcomes) {
      page.append(
          "| %s | %s | %d s | %s | %s |\n"
              .formatted(
                  outcome.part(),
                  outcome.at().toString().substring(0, 16).replace('T', ' '),
                  outcome.seconds(),
                  outcome.machine().commit(),
                  Budget.number(outcome.machine().load())));
    }
    page.append('\n');
  }

  private static void budgets(StringBuilder page, List<Outcome> outcomes) {
    page.append(
        "## Budgets\n\n| what | wanted | measured | verdict | of what |\n|---|---|---|---|---|\n");
    for (var budget : Budget.values()) {
      var judged = judged(outcomes, budget);
      page.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  budget.what(),
                  budget.wanted(),
                  judged.map(j -> budget.with(j.figure())).orElse("-"),
                  budget.verdict(judged.map(Outcome.Judged::figure).orElse(Double.NaN)),
                  judged.map(Outcome.Judged::detail).orElse("")));
    }
    page.append(
        """

        Events lost and effects doubled, 0 and 0 under kill -9: `./microflow chaos` breaks the system on purpose and
        counts ([delivery.md](delivery.md)). Why a budget is not met, and what was tried:
        [RATIONALE.md](../RATIONALE.md#budgets). One operation after another: [hot-paths.md](hot-paths.md).

        """);
    var missing = new ArrayList<String>();
    outcomes.forEach(o -> o.missing().forEach(m -> missing.add("- " + o.part() + ": " + m)));
    if (!missing.isEmpty()) {
      page.append("Not measured:\n\n").append(String.join("\n", missing)).append("\n\n");
    }
  }

  private static Optional<Outcome.Judged> judged(List<Outcome> outcomes, Budget budget) {
    return outcomes.stream()
        .flatMap(o -> o.budgets().stream())
        .filter(j -> j.budget() == budget)
        .findFirst();
  }

  private static void part(StringBuilder page, Outcome outcome) {
    page.append("## ").append(outcome.part()).append("\n\n");
    for (var note : outcome.notes()) {
      page.append(note).append("\n\n");
    }
    for (var grid : outcome.grids()) {
      page.append(grid.title()).append(":\n\n");
      row(
          page,
          grid.headings().stream()
              .map(h -> h.endsWith(">") ? h.substring(0, h.length() - 1) : h)
              .toList());
      row(page, grid.headings().stream().map(h -> h.endsWith(">") ? "--:" : "---").toList());
      grid.rows().forEach(cells -> row(page, cells));
      page.append('\n');
    }
    for (var command : outcome.commands()) {
      page.append("```\n").append(command.strip()).append("\n```\n\n");
    }
  }

  private static void row(StringBuilder page, List<String> cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
