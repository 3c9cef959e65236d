package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.sun.management.UnixOperatingSystemMXBean;
import com.telconova.shared.database.Database;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.ServiceProcess;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// One process and as many who follow as it is made for: 10,000, twenty on each of 500 orders.
final class StreamLoadIT {
  private static final int HEAP_MEBIBYTES = 256;

  // What a task of 512 MiB has, with the collector of all tasks.
  private static final List<String> FLAGS =
      List.of("-Xmx" + HEAP_MEBIBYTES + "m", "-XX:+UseSerialGC");
  private static final int ORDERS = Rounds.of(15, 500);
  private static final int FOLLOWERS = 20;
  private static final int VANISHING = Rounds.of(3, 25); // orders whose followers go without a word
  private static final int DEAF = Rounds.of(0, 25); // orders whose followers stop reading
  private static final int PER_SECOND = Rounds.of(30, 50);
  private static final int ENTRIES = PER_SECOND * Rounds.of(3, 60);
  private static final int HEARTBEAT_SECONDS = Rounds.of(1, 15);
  private static final int CLIENTS = ORDERS * FOLLOWERS;

  private final UUID technician = UUID.randomUUID();
  private final Jdbi database = Jdbi.create(Bench.get().adminUrl());

  @Test
  void every_entry_reaches_all_who_follow_once_and_soon_and_who_is_gone_is_noticed()
      throws Exception {
    assumeThat(descriptors())
        .as("descriptors that a process may open: ulimit -Hn")
        .isGreaterThan(CLIENTS + 1_000);
    List<UUID> orders =
        Stream.generate(() -> TrackingFixture.orderOf(database, technician)).limit(ORDERS).toList();
    try (Tokens tokens = Tokens.open();
        ServiceProcess service = ServiceProcess.start("tracking", FLAGS, settings(tokens));
        Api api = new Api(service.port())) {
      String supervisor = tokens.issue(UUID.randomUUID(), Role.SUPERVISOR);
      warmUp(api, orders, supervisor);
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> service.metric("sse_clients"), clients -> clients == 0);
      int descriptorsBefore = service.openDescriptors();

      long begin = System.nanoTime();
      try (StreamCrowd crowd =
          new StreamCrowd(
              service.port(),
              orders,
              FOLLOWERS,
              ORDERS - DEAF,
              ENTRIES,
              _ -> tokens.issue(UUID.randomUUID(), Role.SUPERVISOR))) {
        await().atMost(Duration.ofSeconds(150)).until(() -> crowd.seen().open() == CLIENTS);
        await().until(() -> service.metric("sse_clients"), clients -> clients == CLIENTS);
        double arrived = secondsSince(begin);

        int putOff = append(crowd, api, orders, supervisor);
        StreamCrowd.Seen seen =
            await()
                .atMost(Duration.ofSeconds(15))
                .until(crowd::seen, now -> now.complete() == ENTRIES);
        int resident = service.residentMebibytes();
        int descriptors = service.openDescriptors();

        System.out.printf(
            "%d clients in %.0f s (%d put off), %d entries at %d/s (%d put off): %d receipts, "
                + "%d doubles, p50 %.0f p99 %.0f max %.0f ms; RSS %d MiB of a heap of %d%n",
            seen.open(),
            arrived,
            seen.refused(),
            ENTRIES,
            PER_SECOND,
            putOff,
            seen.nanos().length,
            seen.doubles(),
            seen.millis(50),
            seen.millis(99),
            seen.millis(100),
            resident,
            HEAP_MEBIBYTES);

        long gone = System.nanoTime();
        double peersGone = service.metric("sse_ended_total{reason=\"peer_gone\"");
        crowd.deafen(ORDERS - DEAF);
        crowd.vanish(0, VANISHING);
        fill(orders.subList(ORDERS - DEAF, ORDERS));
        await()
            .atMost(Duration.ofSeconds(45))
            .until(
                () -> service.metric("sse_ended_total{reason=\"peer_gone\""),
                peers -> peers >= peersGone + VANISHING * FOLLOWERS);
        double vanishedAfter = secondsSince(gone);
        await()
            .atMost(Duration.ofSeconds(45))
            .until(
                () -> service.metric("sse_clients"),
                clients -> clients == CLIENTS - (DEAF + VANISHING) * FOLLOWERS);
        double noticed = secondsSince(gone);
        crowd.vanish(0, ORDERS);
        await()
            .atMost(Duration.ofSeconds(45))
            .until(() -> service.openDescriptors(), now -> now <= descriptorsBefore);

        System.out.printf(
            "%d vanished gone in %.0f s, %d deaf (%.0f too slow) in %.0f s; peak RSS %d MiB; "
                + "descriptors %d -> %d -> %d%n",
            VANISHING * FOLLOWERS,
            vanishedAfter,
            DEAF * FOLLOWERS,
            service.metric("sse_ended_total{reason=\"too_slow\""),
            noticed,
            service.peakResidentMebibytes(),
            descriptorsBefore,
            descriptors,
            service.openDescriptors());
        assertThat(seen.ended() + seen.doubles() + seen.astray()).isZero();
        assertThat(seen.nanos()).hasSize(ENTRIES * FOLLOWERS);
        assertThat(seen.millis(99)).isLessThan(1_000);
      }
    }
  }

  private static Map<String, String> settings(Tokens tokens) {
    Map<String, String> settings =
        TrackingFixture.environment(tokens, URI.create("http://127.0.0.1:1"), 1);
    settings.put("STREAM_HEARTBEAT_SECONDS", Integer.toString(HEARTBEAT_SECONDS));
    return settings;
  }

  /// What a process opens once and keeps is not to be taken for a leak.
  private static void warmUp(Api api, List<UUID> orders, String token) throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (UUID order : orders.subList(0, 10)) {
        pool.submit(() -> api.get("/tracking/" + order + "/stream", token));
        pool.submit(() -> post(api, order, token, "warm"));
      }
    }
  }

  /// Each at its time, whether those before were answered or not; one that is put off is sent again
  /// a second later, as its answer asks for.
  ///
  /// @return how often one was put off
  private static int append(StreamCrowd crowd, Api api, List<UUID> orders, String token)
      throws Exception {
    AtomicInteger putOff = new AtomicInteger();
    Set<Integer> otherAnswers = ConcurrentHashMap.newKeySet();
    AtomicInteger next = new AtomicInteger();
    CountDownLatch answered = new CountDownLatch(ENTRIES);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      IntConsumer send =
          new IntConsumer() {
            @Override
            public void accept(int number) {
              int order = number * 7 % ORDERS;
              int status = post(api, orders.get(order), token, crowd.append(number, order));
              if (status == 503) {
                putOff.incrementAndGet();
                clock.schedule(() -> pool.execute(() -> accept(number)), 1, TimeUnit.SECONDS);
                return;
              }
              if (status != 201) {
                otherAnswers.add(status);
              }
              answered.countDown();
            }
          };
      var ticks =
          clock.scheduleAtFixedRate(
              () -> {
                int number = next.getAndIncrement();
                if (number < ENTRIES) {
                  pool.execute(() -> send.accept(number));
                }
              },
              0,
              1_000_000 / PER_SECOND,
              TimeUnit.MICROSECONDS);
      boolean all = answered.await(ENTRIES / PER_SECOND + 30, TimeUnit.SECONDS);
      ticks.cancel(false);
      assertThat(all).as("all appended").isTrue();
    }
    assertThat(otherAnswers).isEmpty();
    return putOff.get();
  }

  private static int post(Api api, UUID order, String token, String comment) {
    return api.post(
            "/tracking/" + order + "/update",
            token,
            "{\"kind\": \"NOTE\", \"comment\": \"%s\"}".formatted(comment))
        .status();
  }

  /// More than the kernel keeps for a peer that does not read: 2.6 MB on loopback at first, 4 MB at
  /// most.
  private static void fill(List<UUID> orders) {
    try (Database elsewhere = TrackingDatabase.open()) {
      Timeline timeline = new Timeline(Clock.systemUTC(), elsewhere, null, () -> {});
      String data = "{\"a\": \"" + "x".repeat(200_000) + "\"}";
      for (int i = 0; i < 24; i++) {
        for (UUID order : orders) {
          UUID id = UuidCreator.getTimeOrderedEpoch();
          elsewhere.useTransaction(handle ->
              timeline.append(
                  handle,
                  new NewEntry(id, order, "order.status_changed", Instant.now(), null, data)));
        }
      }
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : 0;
  }
}
