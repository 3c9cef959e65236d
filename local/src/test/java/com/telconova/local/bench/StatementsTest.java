package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatementsTest {
  private static final String ID = "01900000-0000-7000-8000-100000000000";
  private static final Instant NOW = Instant.parse("2026-11-24T00:10:00Z");

  // Tabs begin the lines that go on, as PostgreSQL writes them.
  private static final String LOG =
      """
      2026-11-24 00:09:59.000 UTC workorder LOG:  duration: 0.01 ms  parse S_1: insert into t values ($1)
      2026-11-24 00:09:59.001 UTC workorder LOG:  duration: 0.02 ms  bind S_1: insert into t values ($1)
      2026-11-24 00:09:59.001 UTC workorder DETAIL:  Parameters: $1 = 'bound only'
      2026-11-24 00:09:59.002 UTC tracking LOG:  duration: 0.03 ms  execute S_9: select 1
      2026-11-24 00:09:59.003 UTC workorder LOG:  duration: 0.04 ms  execute <unnamed>: BEGIN
      2026-11-24 00:09:59.004 UTC workorder LOG:  duration: 0.05 ms  execute S_1: insert into t (id, at, title, note, ids)
      \tvalues ($1, $2, $3, $4, $5)
      2026-11-24 00:09:59.004 UTC workorder DETAIL:  Parameters: $1 = '%s', $2 = '2026-11-24 00:09:58.9+00', $3 = 'Ana''s line', $4 = NULL, $5 = '{%s}'
      2026-11-24 00:09:59.005 UTC workorder LOG:  duration: 0.06 ms  execute S_2: insert into h values ($1, $2)
      2026-11-24 00:09:59.005 UTC workorder DETAIL:  Parameters: $1 = '%s', $2 = '2025-01-01 00:00:00+00'
      2026-11-24 00:09:59.006 UTC  LOG:  checkpoint starting: time
      """
          .formatted(ID, ID, ID);

  @Test
  void what_a_user_executed_is_read_with_what_was_bound() {
    var statements = Statements.read(LOG, "workorder");

    assertThat(statements).extracting(Statements.Executed::sql).contains("BEGIN").hasSize(3);
    var insert = statements.get(1);
    assertThat(insert.sql())
        .isEqualTo("insert into t (id, at, title, note, ids)\nvalues ($1, $2, $3, $4, $5)");
    assertThat(insert.parameters()).containsEntry(3, "Ana's line").containsEntry(4, null);
    assertThat(insert.has(ID)).isTrue();
    assertThat(statements.getFirst().has(ID)).isFalse();
  }

  @Test
  void several_statements_are_one_transaction_of_the_same_text() {
    var statements = Statements.read(LOG, "workorder").stream().filter(s -> s.has(ID)).toList();

    var script = Statements.script(statements, "\\set n 1\n", Map.of(ID, "f(:n)"), NOW);

    assertThat(script.text())
        .isEqualTo(
            """
            \\set n 1
            begin;
            insert into t (id, at, title, note, ids)
            values (f(:n), now(), :p1, null, array[f(:n)]);
            insert into h values (f(:n), :p2::timestamptz);
            commit;
            """);
    assertThat(script.variables())
        .containsEntry("p1", "Ana's line")
        .containsEntry("p2", "2025-01-01 00:00:00+00");
  }

  @Test
  void one_statement_needs_no_transaction() {
    var one = Statements.read(LOG, "workorder").subList(2, 3);

    assertThat(Statements.script(one, "", Map.of(), NOW).text())
        .isEqualTo("insert into h values (:p1::uuid, :p2::timestamptz);\n");
  }
}
