package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.database.Database;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RelayIT {
  private static final String SOURCE = "urn:microflow:test";
  private static final Duration LEASE = Duration.ofSeconds(30);

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
    relays.forEach(Relay::start);
    AtomicInteger committed = new AtomicInteger();

    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        done.add(writers.submit(() -> writeSlowly(committed)));
      }
      for (Future<?> one : done) {
        one.get();
      }
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(tables.unsent()).isEmpty());
    relays.forEach(Relay::close);
    pools.forEach(Database::close);

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
    assertThat(sample("outbox_publish_failures_total")).isEqualTo(3.0);
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
        relay(
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
    Relay relay = relay(tables.database, _ -> Set.of());
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
              return ids(events);
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
        relay(
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
    Relay relay = relay(tables.database, _ -> Set.of());
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

  private Relay relay(Database database, Publisher publisher) {
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

  private static Set<UUID> ids(List<Event> events) {
    return events.stream().map(Event::id).collect(Collectors.toSet());
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
