package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  private static final Instant AT = Instant.parse("2026-11-24T00:10:00Z");
  private static final MachineFacts MACHINE =
      new MachineFacts("Some processor", 2, 23_000, "Linux 6", "Temurin 25", "abc1234", 0.25);

  @Test
  void each_budget_stands_there_with_what_was_measured_and_whether_it_is_met() {
    var page = Page.of(List.of(outcome(false, 6)), "./microflow bench");

    assertThat(page)
        .contains("≥ 12 % | 6 % | **not met**, 50 % below | median of five |")
        .contains("≤ 900 ms | - | not measured |  |")
        .contains("Some processor, 2 cores, 23,000 MiB, Linux 6, Java Temurin 25")
        .contains("| get | 2026-11-24 00:10 | 95 s | abc1234 | 0.250 |")
        .contains("- get: pgbench is not here")
        .contains("the last run: `./microflow bench`")
        .doesNotContain("Cut short");
  }

  @Test
  void tables_are_aligned_as_their_headings_say() {
    var page = Page.of(List.of(outcome(false, 6)), "./microflow bench");

    assertThat(page)
        .contains("Rounds:\n\n| what | ms |\n| --- | --: |\n| one | 1.50 |\n")
        .contains("```\nselect 1\n```");
  }

  @Test
  void a_run_that_was_cut_short_says_that_no_figure_counts() {
    assertThat(Page.of(List.of(outcome(true, 6)), "./microflow bench --quick"))
        .contains("**Cut short (`--quick`)");
  }

  @Test
  void what_is_written_is_read_again_whole(@TempDir Path folder) throws Exception {
    var results = new Results(folder);

    results.write(outcome(false, Double.NaN));
    results.write(outcome(false, 6));

    assertThat(results.read(List.of("idle", "get"))).containsExactly(outcome(false, 6));
  }

  @Test
  void a_figure_that_is_none_is_read_again_as_none(@TempDir Path folder) throws Exception {
    var results = new Results(folder);

    results.write(outcome(false, Double.NaN));

    assertThat(results.read(List.of("get")).getFirst().budgets().getFirst().figure()).isNaN();
  }

  private static Outcome outcome(boolean quick, double share) {
    var draft = new Outcome.Draft();
    draft.judge(Budget.GET_SHARE, share, "median of five");
    draft.grid("Rounds", "what", "ms>").add(List.of("one", "1.50"));
    draft.command("select 1");
    draft.missing("pgbench is not here");
    return draft.of("get", AT, quick, 95, MACHINE);
  }
}
