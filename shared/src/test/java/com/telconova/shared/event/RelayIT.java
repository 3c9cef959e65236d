package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.database.Database;
import com.telconova.shared.event.Publisher.Outcome;
import com.telconova.shared.testing.Rounds;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RelayIT {
  private static final String SOURCE = "urn:microflow:test";
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Outcome AWAY = new Outcome(Set.of(), Set.of(), true);

  private final ConcurrentLinkedQueue<Event> published = new ConcurrentLinkedQueue<>();
  private final UUID subject = UUID.randomUUID();
  private final Outbox outbox = new Outbox(() -> {});
  private Tables tables;

  @BeforeEach
  void open() {
    tables = new Tables();
  }

  @AfterEach
  void close() {
    tables.close();
  }

  @Test
  void nothing_is_lost_and_no_subject_is_reordered_by_eight_writers_and_three_relays()
      throws Exception {
    List<Database> pools = List.of(tables.another(), tables.another(), tables.another());
    List<Relay> relays = pools.stream().map(pool -> relay(pool, this::acceptMost)).toList();
    AtomicInteger committed = new AtomicInteger();
    // A pool that is still making its connections turns a writer away on a busy machine.
    tables.database.fill(Duration.ofSeconds(10));
    pools.forEach(pool -> pool.fill(Duration.ofSeconds(10)));
    relays.forEach(Relay::start);

    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        done.add(writers.submit(() -> writeSlowly(committed)));
      }
      for (Future<?> one : done) {
        one.get();
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(tables.unsent()).isEmpty());
    } finally { // or they take what the next tests write
      relays.forEach(Relay::close);
      pools.forEach(Database::close);
    }

    Set<UUID> arrived = published.stream().map(Event::id).collect(Collectors.toSet());
    System.out.printf(
        "events committed out of order: %d, lost: %d, sent more than once: %d%n",
        committed.get(), committed.get() - arrived.size(), published.size() - arrived.size());
    assertThat(arrived).hasSize(committed.get()).isEqualTo(tables.sent());
    assertInOrder();
  }

  /// Commits in another order than the times and ids would have it.
  private Void writeSlowly(AtomicInteger committed) throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 60; i++) {
      UUID one = new UUID(0, random.nextInt(40));
      tables.database.useTransaction(handle -> {
        outbox.append(
            handle,
            one,
            Instant.now(),
            NewEvent.of("test.one", Map.of()),
            NewEvent.of("test.two", Map.of()));
        Thread.sleep(random.nextInt(8));
      });
      committed.addAndGet(2);
    }
    return null;
  }

  /// Refuses one in forty, and accepts one in forty without saying so, as a timeout does.
  private Set<UUID> acceptMost(List<Event> events) {
    Set<UUID> accepted = new HashSet<>();
    for (Event event : events) {
      int luck = ThreadLocalRandom.current().nextInt(40);
      if (luck >= 2) {
        published.add(event);
        accepted.add(event.id());
      } else if (luck == 1) {
        published.add(event);
      }
    }
    return accepted;
  }

  /// By the first arrival of each: whoever consumes skips what comes again.
  private void assertInOrder() {
    Map<UUID, List<Long>> bySubject = new ConcurrentHashMap<>();
    Set<UUID> seen = new HashSet<>();
    for (Event event : published) {
      if (seen.add(event.id())) {
        bySubject.computeIfAbsent(event.subject(), _ -> new ArrayList<>()).add(event.sequence());
      }
    }
    bySubject.values().forEach(sequences -> assertThat(sequences).isSorted());
  }

  @Test
  void only_what_was_accepted_is_marked() {
    List<UUID> subjects = IntStream.range(0, 6).mapToObj(n -> new UUID(1, n)).toList();
    subjects.forEach(one -> tables.append(outbox, one, Map.of()));
    Relay relay =
        relay(
            tables.database,
            events -> {
              published.addAll(events);
              return events.stream()
                  .filter(event -> event.subject().getLeastSignificantBits() % 2 == 0)
                  .map(Event::id)
                  .collect(Collectors.toSet());
            });

    int claimed = relay.pass();

    assertThat(claimed).isEqualTo(6);
    assertThat(tables.sent()).hasSize(3);
    assertThat(published.stream().filter(e -> tables.sent().contains(e.id())))
        .allMatch(event -> event.subject().getLeastSignificantBits() % 2 == 0);
    assertThat(failures("refused")).isEqualTo(3.0);
    assertThat(failures("unreachable")).isZero();
  }

  @Test
  void a_subjects_next_event_waits_for_the_one_before_it() {
    tables.append(outbox, subject, Map.of("n", 1), Map.of("n", 2));
    AtomicInteger passes = new AtomicInteger();
    Relay refusesFirst =
        relay(
            tables.database,
            events -> {
              published.addAll(events);
              return passes.getAndIncrement() == 0 ? Set.of() : ids(events);
            });

    refusesFirst.pass();
    refusesFirst.pass();
    assertThat(published.stream().map(Event::sequence)).containsExactly(1L);

    tables.execute("update workorder.outbox set available_at = now()");
    refusesFirst.pass();
    refusesFirst.pass();

    assertThat(published.stream().map(Event::sequence)).containsExactly(1L, 1L, 2L);
    assertThat(tables.unsent()).isEmpty();
  }

  @Test
  void an_event_that_was_accepted_and_not_confirmed_comes_again_as_the_same() {
    tables.append(outbox, subject, Map.of());
    AtomicInteger passes = new AtomicInteger();
    Relay relay =
        relay(
            tables.database,
            events -> {
              published.addAll(events);
              return passes.getAndIncrement() == 0 ? Set.of() : ids(events);
            });

    relay.pass();
    tables.execute("update workorder.outbox set available_at = now()");
    relay.pass();

    assertThat(published).hasSize(2);
    assertThat(published.stream().map(Event::id).distinct()).hasSize(1);
    assertThat(published.stream().map(Event::toJson).distinct()).hasSize(1);
  }

  @Test
  void a_publisher_that_throws_postpones_and_marks_nothing() {
    tables.append(outbox, subject, Map.of());
    Relay relay =
        relayTo(
            tables.database,
            _ -> {
              throw new IllegalStateException("the wire is cut");
            });

    relay.pass();

    assertThat(tables.sent()).isEmpty();
    assertThat(tables.outbox().getFirst().get("claim")).isNull();
    assertThat(dueInSeconds()).isBetween(-1.0, 1.0);
  }

  @Test
  void refused_events_are_tried_ever_more_slowly_up_to_five_minutes() {
    tables.append(outbox, subject, Map.of());
    Relay relay = relay(tables.database, this::refuse);
    double longest = 0;

    for (int attempt = 1; attempt <= 30; attempt++) {
      tables.execute("update workorder.outbox set available_at = now()");
      assertThat(relay.pass()).isEqualTo(1);
      double limit = Math.min(300, Math.pow(2, attempt - 1));
      assertThat(dueInSeconds()).isBetween(-1.0, limit);
      longest = Math.max(longest, dueInSeconds());
    }

    assertThat(tables.outbox().getFirst().get("attempts")).isEqualTo(30);
    assertThat(longest).isGreaterThan(60);
  }

  @Test
  void while_the_topic_is_away_events_stay_due_and_nothing_is_held_against_them() {
    tables.append(outbox, subject, Map.of());
    Relay relay = relayTo(tables.database, _ -> AWAY);

    for (int n = 0; n < 5; n++) {
      assertThat(relay.pass()).isEqualTo(1);
    }

    Map<String, Object> row = tables.outbox().getFirst();
    assertThat(row.get("attempts")).isEqualTo(0);
    assertThat(row.get("claim")).isNull();
    assertThat(dueInSeconds()).isLessThanOrEqualTo(0);
    assertThat(failures("unreachable")).isEqualTo(5.0);
    assertThat(failures("refused")).isZero();
  }

  @Test
  void what_was_refused_before_the_topic_went_away_is_postponed_and_the_rest_is_not() {
    List<UUID> subjects = IntStream.range(0, 9).mapToObj(n -> new UUID(1, n)).toList();
    subjects.forEach(one -> tables.append(outbox, one, Map.of()));
    Relay relay =
        relayTo(
            tables.database,
            events -> new Outcome(ids(events.subList(0, 3)), ids(events.subList(3, 6)), true));

    relay.pass();

    assertThat(tables.sent()).hasSize(3);
    assertThat(tables.outbox()).filteredOn("attempts", 1).hasSize(3);
    assertThat(tables.outbox()).allMatch(row -> row.get("claim") == null);
    assertThat(
            tables.ids(
                """
                select id from workorder.outbox
                where sent_at is null and attempts = 0 and available_at <= now()
                """))
        .hasSize(3);
    assertThat(failures("refused")).isEqualTo(3.0);
    assertThat(failures("unreachable")).isEqualTo(3.0);
  }

  @Test
  void during_an_outage_the_topic_is_tried_ever_more_seldom_however_often_the_relay_is_woken() {
    tables.append(outbox, subject, Map.of());
    ConcurrentLinkedQueue<Long> tries = new ConcurrentLinkedQueue<>();
    Relay relay =
        relayTo(
            tables.database,
            _ -> {
              tries.add(System.nanoTime());
              return AWAY;
            });
    relay.start();

    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          relay.wake();
          return tries.size() == 3;
        });
    relay.close();

    List<Long> times = List.copyOf(tries);
    assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThan(Duration.ofMillis(500));
    assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void the_backlog_of_an_outage_is_gone_soon_after_the_topic_is_back() {
    Duration away = Duration.ofSeconds(Rounds.of(2, 120));
    AtomicBoolean back = new AtomicBoolean();
    Relay relay =
        relayTo(
            tables.database,
            events -> back.get() ? new Outcome(accept(events), Set.of(), false) : AWAY);
    Outbox waking = new Outbox(relay::wake);
    relay.start();
    long end = System.nanoTime() + away.toNanos();
    int backlog = Rounds.of(500, 5_000);
    for (int n = 0; n < backlog; n++) {
      tables.append(waking, new UUID(2, n % (backlog / 4)), Map.of("n", n));
    }
    await().atMost(away.plusSeconds(1)).until(() -> System.nanoTime() > end);

    assertThat(published).isEmpty();
    long returned = System.nanoTime();
    back.set(true);
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !published.isEmpty());
    Duration noticed = Duration.ofNanos(System.nanoTime() - returned);
    long first = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> published.size() >= backlog);
    Duration drained = Duration.ofNanos(System.nanoTime() - first);
    relay.close();

    System.out.printf(
        "after an outage of %d s: noticed after %d ms, %d events sent within %d ms%n",
        away.toSeconds(), noticed.toMillis(), backlog, drained.toMillis());
    assertThat(published).hasSize(backlog);
    assertInOrder();
    assertThat(tables.unsent()).isEmpty();
    assertThat(noticed).isLessThan(Duration.ofSeconds(11));
    assertThat(drained).isLessThan(Duration.ofSeconds(Rounds.of(5, 20)));
  }

  @Test
  void an_event_that_brings_every_call_down_holds_up_nobody_for_ever() {
    List<UUID> subjects = IntStream.range(0, 8).mapToObj(n -> new UUID(1, n)).toList();
    subjects.forEach(one -> tables.append(outbox, one, Map.of()));
    UUID bad = (UUID) tables.outbox().getFirst().get("id");
    Relay relay =
        relayTo(
            tables.database,
            events ->
                ids(events).contains(bad) ? AWAY : new Outcome(accept(events), Set.of(), false));

    for (int n = 0; n < 200 && published.size() < 7; n++) {
      relay.pass();
    }

    assertThat(tables.unsent()).containsExactly(bad);
    assertThat(published).hasSize(7);
  }

  @Test
  void a_stop_during_an_outage_ends_at_once_and_leaves_all_that_waits_to_others() {
    for (int n = 0; n < 5; n++) {
      tables.append(outbox, new UUID(1, n), Map.of());
    }
    AtomicInteger tries = new AtomicInteger();
    Relay relay =
        relayTo(
            tables.database,
            _ -> {
              tries.incrementAndGet();
              return AWAY;
            });
    relay.start();
    await().until(() -> failures("unreachable") > 5); // now it rests, for a second at least
    long start = System.nanoTime();

    relay.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    assertThat(tries).hasValue(2);
    assertThat(tables.outbox()).allMatch(row -> row.get("claim") == null);
  }

  @Test
  void a_stop_that_cuts_a_call_short_gives_back_what_was_claimed() {
    tables.append(outbox, subject, Map.of());
    CountDownLatch asked = new CountDownLatch(1);
    Relay relay =
        relayTo(
            tables.database,
            _ -> {
              asked.countDown();
              boolean cut = false;
              while (!cut) {
                LockSupport.park();
                cut = Thread.currentThread().isInterrupted(); // as the SDK leaves it
              }
              return AWAY;
            });
    relay.start();
    awaitQuietly(asked);
    long start = System.nanoTime();

    relay.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertThat(tables.outbox().getFirst().get("claim")).isNull();
    assertThat(dueInSeconds()).isLessThanOrEqualTo(0);
  }

  @Test
  void a_relay_that_slept_past_its_lease_marks_nothing() throws Exception {
    tables.append(outbox, subject, Map.of());
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    Relay frozen =
        new Relay(
            SOURCE,
            Duration.ofMillis(50),
            tables.database,
            events -> {
              asleep.countDown();
              awaitQuietly(wake);
              return new Outcome(ids(events), Set.of(), false);
            },
            new CollectorRegistry());
    CompletableFuture<Integer> late = CompletableFuture.supplyAsync(frozen::pass);
    asleep.await();
    await().until(() -> dueInSeconds() < 0);
    Relay second =
        relay(
            tables.database,
            events -> {
              // the first wakes while the second holds the claim
              wake.countDown();
              late.join();
              assertThat(tables.sent()).isEmpty();
              published.addAll(events);
              return Set.of();
            });

    second.pass();

    assertThat(published).hasSize(1);
    assertThat(tables.sent()).isEmpty();
  }

  @Test
  void a_claimed_event_is_nobody_elses_until_the_lease_ends() {
    tables.append(outbox, subject, Map.of());
    Relay dies =
        relayTo(
            tables.database,
            _ -> {
              throw new StackOverflowError("this relay never comes back");
            });
    try {
      dies.pass();
    } catch (StackOverflowError e) {
      // as if killed between publish and mark
    }

    try (Database other = tables.another()) {
      Relay second = relay(other, this::accept);
      assertThat(second.pass()).isZero();
      assertThat(dueInSeconds()).isBetween(25.0, 30.0);
      tables.execute("update workorder.outbox set available_at = now()");
      assertThat(second.pass()).isEqualTo(1);
    }
  }

  @Test
  void a_commit_is_on_its_way_within_milliseconds() {
    Relay relay = relay(tables.database, this::accept);
    Outbox waking = new Outbox(relay::wake);
    relay.start();
    long[] micros = new long[31];
    for (int i = 0; i < micros.length; i++) {
      tables.append(waking, subject, Map.of("n", i));
      long committed = System.nanoTime();
      int expected = i + 1;
      await()
          .pollInterval(Duration.ofMillis(1))
          .untilAsserted(() -> assertThat(published).hasSize(expected));
      micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - committed);
    }
    relay.close();

    Arrays.sort(micros);
    System.out.printf("from commit to publish: p50 %.1f ms%n", micros[15] / 1e3);
    assertThat(micros[15]).isLessThan(100_000);
  }

  @Test
  void the_relay_lives_through_every_fault_and_sends_what_waits_before_it_ends() {
    AtomicInteger calls = new AtomicInteger();
    Relay relay =
        relay(
            tables.database,
            events -> {
              if (calls.incrementAndGet() == 1) {
                throw new StackOverflowError("once");
              }
              return accept(events);
            });
    relay.start();
    tables.append(outbox, subject, Map.of());
    await().untilAsserted(() -> assertThat(calls).hasPositiveValue());
    tables.execute("update workorder.outbox set available_at = now()");
    await().untilAsserted(() -> assertThat(published).hasSize(1));

    for (int n = 0; n < 5; n++) {
      tables.append(outbox, subject, Map.of("n", n));
    }
    relay.close();

    assertThat(published).hasSize(6);
    assertThat(tables.unsent()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("outbox-relay") && thread.isAlive());
  }

  @Test
  void what_waits_is_a_metric_also_while_the_relay_is_busy() {
    Relay relay = relay(tables.database, this::refuse);
    tables.append(outbox, subject, Map.of(), Map.of());
    tables.execute("update workorder.outbox set occurred_at = now() - interval '1 hour'");

    relay.start();

    await()
        .untilAsserted(() -> {
          assertThat(sample("outbox_unsent")).isEqualTo(2.0);
          assertThat(sample("outbox_lag_seconds")).isBetween(3_590.0, 3_700.0);
        });
    relay.close();
  }

  @Test
  void what_waits_is_a_metric_on_each_instance_also_while_the_topic_hangs() {
    CountDownLatch end = new CountDownLatch(1);
    CollectorRegistry elsewhere = new CollectorRegistry();
    try (Database second = tables.another()) {
      Publisher hangs =
          events -> {
            awaitQuietly(end);
            return AWAY;
          };
      Relay one = relayTo(tables.database, hangs);
      Relay other = new Relay(SOURCE, LEASE, second, hangs, elsewhere);
      tables.append(outbox, subject, Map.of());
      one.start();
      other.start();
      await().untilAsserted(() -> assertThat(sample("outbox_unsent")).isEqualTo(1.0));

      tables.append(outbox, subject, Map.of(), Map.of());
      tables.execute("update workorder.outbox set occurred_at = now() - interval '2 minutes'");

      await()
          .untilAsserted(() -> {
            for (CollectorRegistry registry : List.of(tables.registry, elsewhere)) {
              assertThat(registry.getSampleValue("outbox_unsent")).isEqualTo(3.0);
              assertThat(registry.getSampleValue("outbox_lag_seconds")).isBetween(120.0, 150.0);
            }
          });
      end.countDown();
      one.close();
      other.close();
    }
  }

  @Test
  void what_waits_is_no_number_while_the_database_cannot_say_it() {
    CollectorRegistry registry = new CollectorRegistry();
    Database away = tables.another();
    tables.append(outbox, subject, Map.of());
    Relay relay = new Relay(SOURCE, LEASE, away, _ -> AWAY, registry);
    assertThat(registry.getSampleValue("outbox_unsent")).isNaN();
    relay.start();
    await()
        .untilAsserted(() -> assertThat(registry.getSampleValue("outbox_unsent")).isEqualTo(1.0));

    away.close();

    await()
        .untilAsserted(() -> {
          assertThat(registry.getSampleValue("outbox_unsent")).isNaN();
          assertThat(registry.getSampleValue("outbox_lag_seconds")).isNaN();
        });
    relay.close();
  }

  @Test
  void what_is_published_says_all_that_was_written() {
    tables.append(outbox, subject, Map.of("text", "señal 🚧", "number", 1.5));

    relay(tables.database, this::accept).pass();

    Event event = published.element();
    Map<String, Object> row = tables.outbox().getFirst();
    assertThat(event.id()).isEqualTo(row.get("id"));
    assertThat(event.source()).isEqualTo(SOURCE);
    assertThat(event.type()).isEqualTo("test.happened");
    assertThat(event.subject()).isEqualTo(subject);
    assertThat(event.sequence()).isEqualTo(1);
    assertThat(event.data().path("text").asText()).isEqualTo("señal 🚧");
    assertThat(Event.fromJson(event.toJson())).isEqualTo(event);
  }

  /// @param publisher what it accepts; it refuses the rest
  private Relay relay(Database database, Function<List<Event>, Set<UUID>> publisher) {
    return relayTo(
        database,
        events -> {
          Set<UUID> accepted = publisher.apply(events);
          Set<UUID> refused = ids(events);
          refused.removeAll(accepted);
          return new Outcome(accepted, refused, false);
        });
  }

  private Relay relayTo(Database database, Publisher publisher) {
    CollectorRegistry registry =
        database == tables.database && sample("outbox_unsent") == null
            ? tables.registry
            : new CollectorRegistry();
    return new Relay(SOURCE, LEASE, database, publisher, registry);
  }

  private Set<UUID> accept(List<Event> events) {
    published.addAll(events);
    return ids(events);
  }

  private Set<UUID> refuse(List<Event> events) {
    return Set.of();
  }

  private static Set<UUID> ids(List<Event> events) {
    return events.stream().map(Event::id).collect(Collectors.toSet());
  }

  private double failures(String reason) {
    return tables.registry.getSampleValue(
        "outbox_publish_failures_total", new String[] {"reason"}, new String[] {reason});
  }

  private Double sample(String name) {
    return tables.registry.getSampleValue(name);
  }

  private double dueInSeconds() {
    return tables.database.<Double, RuntimeException>read(handle ->
        handle
            .createQuery("select extract(epoch from available_at - now()) from outbox")
            .mapTo(Double.class)
            .one());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
