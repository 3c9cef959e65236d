package com.telconova.tracking.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ChainTest {
  private static final UUID ID = UUID.fromString("0198c1de-0000-7000-8000-000000000001");
  private static final UUID ORDER = UUID.fromString("0198c1de-0000-7000-8000-000000000002");
  private static final UUID ACTOR = UUID.fromString("0198c1de-0000-7000-8000-000000000003");
  private static final Instant TIME = Instant.parse("2026-03-02T13:00:00.000123Z");

  @Test
  void the_canonical_form_never_changes() {
    NewEntry entry = entry("order.created", new Actor(ACTOR, "CLIENT"), "{\"title\":\"Año\"}");

    // Hashes in databases depend on it: a change here needs a new form with a new name.
    assertThat(Chain.hash(Chain.START, entry))
        .isEqualTo("6fcde434724d553dba520c4edf989408db1be18888d9f623d312c94b29cf2c5e");
  }

  @Test
  void whatever_differs_between_two_entries_gives_another_hash() {
    Actor actor = new Actor(ACTOR, "CLIENT");
    NewEntry entry = entry("order.created", actor, "{}");
    List<NewEntry> others =
        List.of(
            entry,
            new NewEntry(ORDER, ORDER, "order.created", TIME, actor, "{}"),
            new NewEntry(ID, ID, "order.created", TIME, actor, "{}"),
            entry("order.create", actor, "d{}"),
            new NewEntry(ID, ORDER, "order.created", TIME.plusNanos(1_000), actor, "{}"),
            entry("order.created", null, "{}"),
            entry("order.created", new Actor(ORDER, "CLIENT"), "{}"),
            entry("order.created", new Actor(ACTOR, "ADMIN"), "{}"),
            entry("order.created", actor, "{ }"));

    Set<String> hashes =
        others.stream().map(other -> Chain.hash(Chain.START, other)).collect(Collectors.toSet());
    hashes.add(Chain.hash(Chain.hash(Chain.START, entry), entry));

    assertThat(hashes).hasSize(others.size() + 1).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
  }

  @Test
  void time_is_hashed_as_the_database_keeps_it() {
    NewEntry precise = new NewEntry(ID, ORDER, "order.created", TIME.plusNanos(999), null, "{}");

    assertThat(Chain.hash(Chain.START, precise))
        .isEqualTo(Chain.hash(Chain.START, entry("order.created", null, "{}")));
  }

  private static NewEntry entry(String type, Actor actor, String data) {
    return new NewEntry(ID, ORDER, type, TIME, actor, data);
  }
}
