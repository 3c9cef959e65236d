package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SenderIT {

  private static final Sender.Limits LIMITS =
      new Sender.Limits(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(10));
  private static final Duration SECOND = Duration.ofSeconds(1);

  /// A server that stands still once, for a second: for everybody, from one request on.
  private static final class Stalling implements Peer.Answer {
    private final AtomicInteger left;
    private final AtomicLong until = new AtomicLong();

    Stalling(int from) {
      left = new AtomicInteger(from);
    }

    @Override
    public void to(String request, OutputStream out) throws IOException {
      if (left.getAndDecrement() == 0) {
        until.set(System.nanoTime() + SECOND.toNanos());
      }
      if (until.get() != 0) {
        await(until.get());
      }
      Peer.write(out, Peer.OK);
    }

    private static void await(long moment) throws IOException {
      try {
        long nanos = moment - System.nanoTime();
        assertThat(new CountDownLatch(1).await(Math.max(0, nanos), TimeUnit.NANOSECONDS)).isFalse();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Test
  void a_second_in_which_the_server_stands_still_is_in_the_latency_of_all_who_came_meanwhile()
      throws Exception {
    try (var peer = new Peer(new Stalling(60))) {
      var result = run(peer, new Arrival.Open(200, 8), Duration.ofSeconds(2), LIMITS);
      var total = result.total();

      // Of 400 requests those of a second, 200, waited for half of it on average.
      assertThat(total.sent()).isBetween(399L, 401L);
      assertThat(total.good()).isEqualTo(total.sent());
      assertThat(total.latency(99)).isGreaterThan(Duration.ofMillis(900));
      assertThat(total.latency(80)).isGreaterThan(Duration.ofMillis(250));
      // Seen from the connections just eight were slow: the others waited for one.
      assertThat(result.waited()).isBetween(100L, 300L);
      assertThat(nanos(total.service().getValueAtPercentile(90)))
          .isLessThan(Duration.ofMillis(250));
      assertThat(result.notSent()).isZero();
      assertThat(result.table().lines()).allMatch(line -> line.length() <= 100);
      var json = Mappers.TOLERANT.readTree(result.json());
      assertThat(json.at("/total/good").asLong()).isEqualTo(total.good());
      assertThat(json.at("/operations/get/latency/p99").asDouble()).isGreaterThan(900);
      assertThat(json.at("/arrival/perSecond").asDouble()).isEqualTo(200);
      assertThat(json.at("/sender/wasTheLimit").isBoolean()).isTrue();
      System.out.printf(
          "a stall of 1 s at 200 a second: p99 %d ms, from sending p90 %d ms, %d waited%n",
          total.latency(99).toMillis(),
          nanos(total.service().getValueAtPercentile(90)).toMillis(),
          result.waited());
    }
  }

  @Test
  void a_closed_loop_does_not_see_it_for_it_asks_nothing_meanwhile() throws Exception {
    try (var peer = new Peer(new Stalling(100))) {
      var result = run(peer, new Arrival.Closed(2), Duration.ofMillis(1_500), LIMITS);

      assertThat(result.total().latency(99)).isLessThan(Duration.ofMillis(250));
      assertThat(result.total().latency(100)).isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void what_finds_no_connection_in_time_is_not_sent_and_told_of() throws Exception {
    var limits =
        new Sender.Limits(Duration.ofSeconds(1), Duration.ofMillis(400), Duration.ofMillis(100));
    try (var peer = new Peer((_, _) -> {})) {
      var result = run(peer, new Arrival.Open(100, 2), SECOND, limits);
      var total = result.total();

      assertThat(total.good()).isZero();
      assertThat(total.errors()).containsOnlyKeys("timeout");
      assertThat(result.notSent()).isGreaterThan(50);
      assertThat(result.notSent() + total.failed()).isEqualTo(total.sent());
      assertThat(total.sent()).isBetween(99L, 101L);
      // It was at least as slow as that.
      assertThat(total.latency(50)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
      assertThat(result.table()).contains("not sent: " + result.notSent(), "timeout");
    }
  }

  @Test
  void each_kind_of_failure_has_its_name() throws Exception {
    var turn = new AtomicInteger();
    var answers =
        List.of(
            "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nabc",
            Peer.OK,
            "SSH-2.0-x\r\n",
            Peer.OK + "more",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
            "",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    try (var peer =
        new Peer((_, out) -> {
          var answer = answers.get(turn.getAndIncrement() % answers.size());
          Peer.write(out, answer);
          if (answer.endsWith("ab") || answer.isEmpty()) {
            throw new IOException("the connection ends");
          }
        })) {
      var result = run(peer, new Arrival.Open(100, 1), SECOND, LIMITS);
      var total = result.total();

      assertThat(total.errors()).containsOnlyKeys("503", "malformed", "closed");
      assertThat(total.errors().values())
          .allSatisfy(count -> assertThat(count).isBetween(13L, 30L));
      assertThat(total.good() + total.failed()).isEqualTo(total.sent());
      assertThat(peer.connections.get()).isGreaterThan(50);
    }
    var nobody = new Peer((_, _) -> {});
    nobody.close();

    var refused = run(nobody, new Arrival.Closed(3), Duration.ofMillis(350), LIMITS).total();

    assertThat(refused.errors()).containsOnlyKeys("connection");
    // A client whose connection was refused rests before it tries again.
    assertThat(refused.failed()).isBetween(6L, 12L);
  }

  @Test
  void a_closed_loop_has_as_many_under_way_as_it_has_clients_and_keeps_its_connections()
      throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    try (var peer =
        new Peer((_, out) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          now.decrementAndGet();
          Peer.write(out, Peer.OK);
        })) {
      var seen = new ArrayList<Progress>();
      var result = run(peer, new Arrival.Closed(5), Duration.ofMillis(1_200), LIMITS, seen);

      assertThat(result.total().failed()).isZero();
      assertThat(result.total().good()).isGreaterThan(100);
      assertThat(result.total().throughput()).isGreaterThan(100);
      assertThat(peer.connections).hasValue(5);
      assertThat(most.get()).isBetween(1, 5);
      assertThat(seen).isNotEmpty().anyMatch(one -> one.perSecond() > 100 && one.measuring());
      assertThat(result.generator().cpuMicros()).isPositive();
    }
  }

  @Test
  void a_stream_is_left_after_its_first_line() throws Exception {
    try (var peer =
        new Peer((_, out) ->
            Peer.write(
                out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n: open\n\n\r\n"))) {
      var result =
          run(
              new Profile(
                  Mix.of("stream"), new Arrival.Open(50, 4), Duration.ZERO, Duration.ofMillis(300)),
              peer.uri(),
              LIMITS,
              new ArrayList<>());

      assertThat(result.total().failed()).isZero();
      assertThat(result.total().good()).isEqualTo(result.total().sent());
      assertThat(peer.connections.get()).isEqualTo(peer.requests.get());
    }
  }

  private static Duration nanos(long nanos) {
    return Duration.ofNanos(nanos);
  }

  private static Result run(Peer peer, Arrival arrival, Duration duration, Sender.Limits limits)
      throws Exception {
    return run(peer, arrival, duration, limits, new ArrayList<>());
  }

  private static Result run(
      Peer peer, Arrival arrival, Duration duration, Sender.Limits limits, List<Progress> progress)
      throws Exception {
    var profile = new Profile(Mix.of("get"), arrival, Duration.ZERO, duration);
    return run(profile, peer.uri(), limits, progress);
  }

  private static Result run(Profile profile, URI uri, Sender.Limits limits, List<Progress> progress)
      throws Exception {
    var all = Map.of("auth", List.of(uri), "workorder", List.of(uri), "tracking", List.of(uri));
    var first = Map.of("auth", uri, "workorder", uri, "tracking", uri);
    var target = new Target("to a peer", all, first, Optional.empty(), "a", "b", List.of());
    try (var load = new Load(target)) {
      return load.run(profile, target, new Get(), limits, progress::add);
    }
  }

  private static final class Get implements Script {
    @Override
    public Object write(Operation operation, byte[] host, ByteBuffer out) {
      out.put("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)).put(host);
      out.put("\r\n".getBytes(StandardCharsets.US_ASCII));
      return this;
    }

    @Override
    public void ended(Operation operation, Object about, boolean good, String made) {
      // There is nothing to remember.
    }
  }
}
