package com.telconova.tracking.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.FakeWorkorder;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.participant.Workorder;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimelineIT {
  private static final Instant START = Instant.parse("2026-03-02T13:00:00Z");

  private final Clock clock = Clock.systemUTC();
  private final Database database = TrackingDatabase.open();
  private final FakeWorkorder workorder = new FakeWorkorder();
  private final HttpClient http = ServiceClient.connections();
  private final Timeline timeline =
      new Timeline(
          clock,
          database,
          new Participants(
              database,
              new Workorder(new ServiceClient(clock, "workorder", workorder.url(), http))),
          () -> {});
  private final Jdbi behind = Jdbi.create(Bench.get().adminUrl());
  private final UUID order = UUID.randomUUID();
  private final Principal supervisor =
      new Principal(
          UUID.randomUUID(), Role.SUPERVISOR, UUID.randomUUID(), START, new Secret("token"));

  @AfterEach
  void close() {
    http.close();
    workorder.close();
    database.close();
  }

  @Test
  void many_who_append_at_once_leave_one_unbroken_chain() throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> appends =
          IntStream.range(0, 40)
              .<Callable<Boolean>>mapToObj(n -> () -> append(entry(START.plusMillis(n))))
              .toList();

      assertThat(pool.invokeAll(appends)).extracting(Future::resultNow).containsOnly(true);
    }

    List<Entry> chain = byPosition();
    assertThat(chain).hasSize(40);
    assertUnbroken(chain);
    assertThat(head().length()).isEqualTo(40);
    assertThat(head().hash()).isEqualTo(chain.getLast().hash());
  }

  @Test
  void an_entry_that_comes_again_is_not_appended_again() {
    NewEntry entry = entry(START);

    assertThat(append(entry)).isTrue();
    assertThat(append(entry)).isFalse();
    assertThat(append(entry(START))).isTrue();

    assertThat(byPosition()).hasSize(2);
    assertUnbroken(byPosition());
  }

  @Test
  void what_the_database_gives_back_hashes_to_the_same() {
    String data = "{ \"b\":1.0,\n \"a\" : \"á\\u00e9\", \"a\": 1e2 }";
    append(new NewEntry(UUID.randomUUID(), order, "x", START.plusNanos(123_456_789), null, data));

    Entry stored = byPosition().getFirst();

    assertThat(stored.what().data()).isEqualTo(data);
    assertThat(Chain.hash(Chain.START, stored.what())).isEqualTo(stored.hash());
  }

  @Test
  void an_untouched_chain_holds_while_others_append() throws Exception {
    workorder.put(order, UUID.randomUUID(), null, "CREATED", 1);
    assertThat(timeline.verify(order, supervisor)).isEqualTo(new Verdict(true, 0, null));

    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          pool.submit(
              () -> IntStream.range(0, 60).forEach(n -> append(entry(START.plusMillis(n)))));
      while (!writer.isDone()) {
        assertThat(timeline.verify(order, supervisor).valid()).isTrue();
      }
      writer.get();
    }

    assertThat(timeline.verify(order, supervisor)).isEqualTo(new Verdict(true, 60, null));
  }

  /// What somebody with all rights to the database does to the third of five entries.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          3 | update timeline_entry set id = gen_random_uuid() where id = :third
          3 | update timeline_entry set order_id = gen_random_uuid() where id = :third
          3 | update timeline_entry set type = 'order.cancelled' where id = :third
          3 | update timeline_entry set occurred_at = occurred_at + interval '1 us' where id = :third
          3 | update timeline_entry set actor_id = gen_random_uuid() where id = :third
          3 | update timeline_entry set actor_role = 'ADMIN' where id = :third
          3 | update timeline_entry set actor_id = null, actor_role = null where id = :third
          3 | update timeline_entry set data = '{"n":4}' where id = :third
          3 | update timeline_entry set data = '{ "n":3}' where id = :third
          3 | update timeline_entry set previous_hash = sha256('x') where id = :third
          3 | update timeline_entry set hash = sha256('x') where id = :third
          3 | update timeline_entry set position = 30 where id = :third
          3 | delete from timeline_entry where id = :third
          1 | delete from timeline_entry where order_id = :order and position = 1
          1 | delete from timeline_entry where order_id = :order
          5 | delete from timeline_entry where order_id = :order and position = 5
          5 | update timeline_head set length = 4 where order_id = :order
          5 | update timeline_head set hash = sha256('x') where order_id = :order
          6 | update timeline_head set length = 6 where order_id = :order
          1 | delete from timeline_head where order_id = :order
          3 | update timeline_entry set position = 7 - position where order_id = :order and position in (3, 4)
          2 | update timeline_entry set position = position + 1 where order_id = :order and position >= 2
          """)
  void whatever_is_tampered_with_shows(long position, String tampering) {
    workorder.put(order, UUID.randomUUID(), null, "CREATED", 1);
    List<NewEntry> five =
        IntStream.rangeClosed(1, 5)
            .mapToObj(n ->
                new NewEntry(
                    UuidCreator.getTimeOrderedEpoch(),
                    order,
                    "tracking.progress.updated",
                    START,
                    new Actor(supervisor.userId(), "SUPERVISOR"),
                    "{\"n\":%d}".formatted(n)))
            .toList();
    five.forEach(this::append);
    assertThat(timeline.verify(order, supervisor).valid()).isTrue();

    behind.useTransaction(handle -> {
      handle.execute("set local search_path = tracking");
      // Even the order of updates within the statement is no obstacle to them.
      handle.execute("alter table timeline_entry drop constraint timeline_position");
      Update update = handle.createUpdate(tampering);
      if (tampering.contains(":third")) {
        update.bind("third", five.get(2).id());
      }
      if (tampering.contains(":order")) {
        update.bind("order", order);
      }
      assertThat(update.execute()).isPositive();
      handle.execute(
          "alter table timeline_entry add constraint timeline_position unique (order_id, position)");
    });

    Verdict verdict = timeline.verify(order, supervisor);
    assertThat(verdict.valid()).isFalse();
    assertThat(verdict.brokenAt().position()).as(verdict.toString()).isEqualTo(position);
    assertThat(verdict.brokenAt().detail()).isNotBlank();
  }

  @Test
  void pages_follow_each_other_without_gap_or_double_even_among_equal_times() {
    workorder.put(order, UUID.randomUUID(), null, "CREATED", 1);
    List<NewEntry> entries =
        new ArrayList<>(
            IntStream.range(0, 45).mapToObj(n -> entry(START.plusMillis(n / 10))).toList());
    Collections.shuffle(entries, new Random(3));
    entries.forEach(this::append);

    List<Instant> times = new ArrayList<>();
    List<UUID> ids = new ArrayList<>();
    Page.Cursor after = null;
    Page<Entry> page;
    do {
      page = timeline.list(order, supervisor, new Page.Request(7, after));
      page.items().forEach(entry -> times.add(entry.what().time()));
      page.items().forEach(entry -> ids.add(entry.what().id()));
      NewEntry last = page.items().getLast().what();
      after = new Page.Cursor(last.time(), last.id());
    } while (page.nextCursor() != null);

    assertThat(times).hasSize(45).isSorted();
    assertThat(ids).doesNotHaveDuplicates();
  }

  private boolean append(NewEntry entry) {
    return database.inTransaction(handle -> timeline.append(handle, entry).isPresent());
  }

  private NewEntry entry(Instant time) {
    return new NewEntry(
        UuidCreator.getTimeOrderedEpoch(), order, "tracking.progress.updated", time, null, "{}");
  }

  private List<Entry> byPosition() {
    workorder.put(order, UUID.randomUUID(), null, "CREATED", 1);
    return timeline.list(order, supervisor, new Page.Request(100, null)).items().stream()
        .sorted((a, b) -> Long.compare(a.position(), b.position()))
        .toList();
  }

  private TimelineRepository.Head head() {
    return database.inTransaction(handle -> new TimelineRepository().lock(handle, order));
  }

  private static void assertUnbroken(List<Entry> chain) {
    String previous = Chain.START;
    long position = 0;
    for (Entry entry : chain) {
      assertThat(entry.position()).isEqualTo(++position);
      assertThat(entry.previousHash()).isEqualTo(previous);
      assertThat(entry.hash()).isEqualTo(Chain.hash(previous, entry.what()));
      previous = entry.hash();
    }
  }
}
