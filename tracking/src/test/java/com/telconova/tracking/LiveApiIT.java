package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LiveApiIT {
  private static final Map<String, String> OFTEN = Map.of("STREAM_HEARTBEAT_SECONDS", "1");
  private static TrackingFixture fixture;

  // Another process, as far as the service can tell: it appends and wakes nobody here.
  private static Database elsewhere;
  private static Timeline timeline;

  private final UUID technician = UUID.randomUUID();
  private final String supervisor = fixture.token(Role.SUPERVISOR);
  private UUID order;

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start(OFTEN);
    elsewhere = TrackingDatabase.open();
    timeline = new Timeline(Clock.systemUTC(), elsewhere, null, () -> {});
  }

  @AfterAll
  static void stop() {
    elsewhere.close();
    fixture.close();
  }

  /// Once nobody is there any more: of those who vanish one hears with the next heartbeat.
  @BeforeEach
  void open() {
    await().atMost(Duration.ofSeconds(30)).until(() -> fixture.metric("sse_clients") == 0);
    order = fixture.orderOf(technician);
  }

  @Test
  void twenty_clients_that_come_and_go_miss_nothing_and_get_nothing_twice() throws Exception {
    UUID first = append(order);
    String path = "/tracking/" + order + "/stream";

    List<List<UUID>> seen;
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<UUID>>> clients =
          IntStream.range(0, 20)
              .mapToObj(
                  n -> pool.submit(() -> followInterrupted(path, first, 300, Set.of(order), n)))
              .toList();
      List<Callable<Void>> writers =
          IntStream.range(0, 4)
              .<Callable<Void>>mapToObj(_ ->
                  () -> {
                    for (int i = 0; i < 75; i++) {
                      append(order);
                    }
                    return null;
                  })
              .toList();
      for (Future<Void> writer : pool.invokeAll(writers)) {
        writer.get();
      }
      seen = new ArrayList<>();
      for (Future<List<UUID>> client : clients) {
        seen.add(client.get());
      }
    }

    List<UUID> chain = chain(order).subList(1, 301);
    assertThat(seen).hasSize(20).allSatisfy(ids -> assertThat(ids).isEqualTo(chain));
  }

  @Test
  void a_stream_of_all_orders_waits_for_whoever_began_earlier_and_commits_later() throws Exception {
    List<UUID> orders = IntStream.range(0, 10).mapToObj(_ -> UUID.randomUUID()).toList();
    UUID first = append(UUID.randomUUID());
    CountDownLatch othersCommitted = new CountDownLatch(1);

    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      UUID late = UUID.randomUUID();
      Set<UUID> ours = new HashSet<>(orders);
      ours.add(late);
      List<Future<List<UUID>>> clients =
          IntStream.range(0, 20)
              .mapToObj(n ->
                  pool.submit(() -> followInterrupted("/tracking/stream", first, 201, ours, n)))
              .toList();
      Future<UUID> slow =
          pool.submit(() ->
              elsewhere.inTransaction(handle -> {
                UUID id = append(handle, late);
                othersCommitted.await();
                return id;
              }));
      List<Callable<Void>> writers =
          orders.stream()
              .<Callable<Void>>map(each ->
                  () -> {
                    for (int i = 0; i < 20; i++) {
                      append(each);
                    }
                    return null;
                  })
              .toList();
      for (Future<Void> writer : pool.invokeAll(writers)) {
        writer.get();
      }
      othersCommitted.countDown();

      List<UUID> byCommit = byCommit(ours);
      assertThat(byCommit).hasSize(201).contains(slow.get());
      for (Future<List<UUID>> client : clients) {
        assertThat(client.get()).isEqualTo(byCommit);
      }
    }
  }

  @Test
  void whoever_comes_without_a_last_event_gets_what_comes_from_now_on() {
    append(order);
    try (EventReader reader = follow("/tracking/" + order + "/stream", supervisor)) {
      Api.Answer note =
          fixture.api.post(
              "/tracking/" + order + "/update",
              supervisor,
              "{\"kind\": \"NOTE\", \"comment\": \"Customer\\ncalled\"}");

      await().until(() -> reader.events.size() == 1);
      EventReader.Received event = reader.events.getFirst();
      assertThat(event.id()).hasToString(note.text("/id"));
      assertThat(event.type()).isEqualTo("tracking.progress.updated");
      assertThat(event.json()).isEqualTo(note.body());
      await().until(() -> reader.comments.contains("still here"));
      assertThat(reader.events).hasSize(1);
    }
  }

  @Test
  void data_with_line_breaks_comes_whole() {
    try (EventReader reader = follow("/tracking/" + order + "/stream", supervisor)) {
      append(order, "{\n \"a\": 1,\r\n \"b\": [\r2]\n}");

      await().until(() -> reader.events.size() == 1);
      assertThat(reader.events.getFirst().json().at("/data").toString())
          .isEqualTo("{\"a\":1,\"b\":[2]}");
    }
  }

  @Test
  void an_event_is_sent_in_one_piece() throws Exception {
    String data = "{\"a\": \"" + "x".repeat(50_000) + "\"}";
    try (Socket socket = deaf(order)) {
      InputStream in = socket.getInputStream();
      while (!line(in).isEmpty()) {}
      String opened = chunk(in);
      append(order, data);
      String event = chunk(in);

      assertThat(opened).isEqualTo(": open\n\n");
      assertThat(event).startsWith("id: ").contains(data).endsWith("}\n\n");
    }
  }

  @Test
  void only_those_who_may_follow_do() {
    String one = "/tracking/" + order + "/stream";
    String mine = fixture.tokens.issue(technician, Role.TECHNICIAN);

    assertThat(status(one, null)).isEqualTo(401);
    assertThat(status(one, fixture.token(Role.CLIENT))).isEqualTo(404);
    assertThat(status(one, fixture.token(Role.TECHNICIAN))).isEqualTo(404);
    assertThat(status("/tracking/stream", mine)).isEqualTo(403);
    assertThat(status("/tracking/nonsense/stream", supervisor)).isEqualTo(404);
    assertThat(status(one, supervisor, "Last-Event-ID", "7")).isEqualTo(400);
    assertThat(status(one, supervisor, "Last-Event-ID", append(UUID.randomUUID()).toString()))
        .isEqualTo(400);
    try (EventReader reader = follow(one, mine)) {
      assertThat(reader.status).isEqualTo(200);
    }
    try (EventReader reader = follow("/tracking/stream", fixture.token(Role.ADMIN))) {
      assertThat(reader.status).isEqualTo(200);
    }
  }

  @Test
  void who_asks_for_the_head_alone_is_not_kept_waiting() {
    Api.Answer head = fixture.api.send("HEAD", "/tracking/" + order + "/stream", supervisor, null);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Type")).startsWith("text/event-stream");
  }

  @Test
  void a_technician_sees_nothing_from_the_moment_the_order_changes_hands() {
    String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
    try (EventReader before = follow("/tracking/" + order + "/stream", token);
        EventReader all = follow("/tracking/" + order + "/stream", supervisor)) {
      append(order);
      await().until(() -> before.events.size() == 1);

      elsewhere.useTransaction(handle -> {
        handle.execute(
            "update participant_order set technician_id = ? where order_id = ?",
            UUID.randomUUID(),
            order);
        append(handle, order);
      });
      append(order);

      await().until(before::isOver);
      await().until(() -> all.events.size() == 3);
      assertThat(before.events).hasSize(1);
      assertThat(before.comments).last().isEqualTo("end: not yours");
    }
  }

  @Test
  void a_stream_ends_with_its_session() {
    UUID session = UUID.randomUUID();
    String token = fixture.tokens.issue(UUID.randomUUID(), Role.SUPERVISOR, session);
    try (EventReader reader = follow("/tracking/stream", token)) {
      fixture.database.useHandle(handle ->
          handle.execute(
              "insert into tracking.revoked_session values (?, now() + interval '1 minute')",
              session));

      await().until(reader::isOver);
      assertThat(reader.comments).last().isEqualTo("end: session ended");
    }
  }

  @Test
  void a_stream_ends_with_its_token() {
    Skipping clock = new Skipping();
    try (TrackingFixture own = TrackingFixture.start(OFTEN, clock);
        EventReader reader =
            new EventReader(own.app.port(), "/tracking/stream", own.token(Role.ADMIN), null)) {
      clock.skipped = Duration.ofSeconds(301);

      await().until(reader::isOver);
      assertThat(reader.comments).last().isEqualTo("end: token expired");
    }
  }

  @Test
  void a_stop_ends_the_streams_and_does_not_wait_for_them() {
    TrackingFixture own = TrackingFixture.start(Map.of());
    try (EventReader reader =
        new EventReader(own.app.port(), "/tracking/stream", own.token(Role.ADMIN), null)) {
      long begun = System.nanoTime();
      own.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
      await().until(reader::isOver);
      assertThat(reader.comments).last().isEqualTo("end: stopping");
    }
  }

  @Test
  void a_peer_that_vanishes_is_noticed() {
    List<EventReader> readers =
        IntStream.range(0, 10).mapToObj(_ -> follow("/tracking/stream", supervisor)).toList();
    double connected = fixture.metric("sse_clients");

    readers.forEach(EventReader::close);

    assertThat(connected).isEqualTo(10);
    await().until(() -> fixture.metric("sse_clients") == 0);
  }

  @Test
  void who_does_not_read_is_cut_and_harms_nobody() throws Exception {
    UUID busy = fixture.orderOf(technician);
    double tooSlow = fixture.metric("sse_ended_total{reason=\"too_slow\"");
    try (Socket overflowing = deaf(busy);
        Socket stuck = deaf(order);
        EventReader reader = follow("/tracking/" + busy + "/stream", supervisor);
        EventReader other = follow("/tracking/" + order + "/stream", supervisor)) {
      assertThat(overflowing.isConnected() && stuck.isConnected()).isTrue();
      String data = "{\"a\": \"" + "x".repeat(200_000) + "\"}";

      // 25 fit into the queue and wait for the write deadline, 200 do not fit.
      for (int i = 0; i < 200; i++) {
        append(busy, data);
        if (i < 50) {
          append(order, data);
        }
      }

      // What comes after a burst ends who took nothing of it, before the write deadline does.
      await()
          .atMost(Duration.ofSeconds(6))
          .until(() -> {
            append(busy);
            return fixture.metric("sse_ended_total{reason=\"too_slow\"") > tooSlow;
          });
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> reader.events.size() == chain(busy).size());
      await().atMost(Duration.ofSeconds(20)).until(() -> other.events.size() == 50);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> fixture.metric("sse_ended_total{reason=\"too_slow\"") == tooSlow + 2);
    }
  }

  /// Follows until it has so many entries of these orders, going away and coming back now and then.
  private List<UUID> followInterrupted(
      String path, UUID last, int count, Set<UUID> orders, int seed) {
    Random random = new Random(seed);
    List<UUID> ids = new ArrayList<>();
    UUID resumeAfter = last;
    while (ids.size() < count) {
      try (EventReader reader =
          new EventReader(fixture.app.port(), path, supervisor, resumeAfter)) {
        int stay = random.nextInt(1, 80);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                reader.isOver()
                    || reader.events.size() >= stay
                    || ids.size() + ofOrders(reader.events, orders).size() >= count);
        List<EventReader.Received> received = List.copyOf(reader.events);
        ids.addAll(ofOrders(received, orders));
        resumeAfter = received.isEmpty() ? resumeAfter : received.getLast().id();
      }
    }
    return ids;
  }

  private static List<UUID> ofOrders(List<EventReader.Received> events, Set<UUID> orders) {
    return events.stream()
        .filter(
            event -> orders.contains(UUID.fromString(event.json().at("/data/orderId").asText())))
        .map(EventReader.Received::id)
        .toList();
  }

  private EventReader follow(String path, String token) {
    return new EventReader(fixture.app.port(), path, token, null);
  }

  private int status(String path, String token, String... headers) {
    return fixture.api.get(path, token, headers).status();
  }

  /// Tries again when the chain's lock took too long on a busy machine: nothing was appended then.
  private static UUID append(UUID to) {
    return await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> elsewhere.inTransaction(handle -> append(handle, to)), Objects::nonNull);
  }

  private static UUID append(UUID to, String data) {
    return elsewhere.inTransaction(handle -> append(handle, to, data));
  }

  private static UUID append(Handle handle, UUID to) {
    return append(handle, to, "{\"orderId\": \"" + to + "\"}");
  }

  private static UUID append(Handle handle, UUID to, String data) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    timeline
        .append(handle, new NewEntry(id, to, "order.status_changed", Instant.now(), null, data))
        .orElseThrow();
    return id;
  }

  private static List<UUID> chain(UUID of) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                "select id from tracking.timeline_entry where order_id = ? order by position")
            .bind(0, of)
            .mapTo(UUID.class)
            .list());
  }

  private static List<UUID> byCommit(Set<UUID> orders) {
    String list = orders.stream().map(id -> "'" + id + "'").collect(Collectors.joining(","));
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                "select id from tracking.timeline_entry where order_id in ("
                    + list
                    + ") order by transaction_id, serial")
            .mapTo(UUID.class)
            .list());
  }

  /// Asks for a stream and never reads.
  private Socket deaf(UUID of) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress("127.0.0.1", fixture.app.port()));
    socket
        .getOutputStream()
        .write(
            "GET /tracking/%s/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(of, supervisor)
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
    return socket;
  }

  /// The next piece of an answer that comes in pieces (RFC 9112, 7.1), but for heartbeats.
  private static String chunk(InputStream in) throws IOException {
    String chunk = ": still here";
    while (chunk.startsWith(": still here")) {
      int length = Integer.parseInt(line(in), 16);
      chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      assertThat(line(in)).isEmpty();
    }
    return chunk;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      assertThat(next).as("the stream goes on").isNotNegative();
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /// The real time, and then some.
  private static final class Skipping extends Clock {
    volatile Duration skipped = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(skipped);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
