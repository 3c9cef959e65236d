package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Crowd;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpServerIT {
  private static final HttpConfig ANY_PORT =
      new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO);
  private static final String LIST = "x".repeat(60_000);

  private final CountDownLatch goOn = new CountDownLatch(1);

  private void routes(RoutesConfig routes) {
    routes.get("/thread", ctx -> ctx.json(Thread.currentThread().isVirtual()), Role.ANYONE);
    routes.get("/list", ctx -> ctx.result(LIST), Role.ANYONE);
    routes.get("/slow", ctx -> ctx.json(goOn.await(10, TimeUnit.SECONDS)), Role.ANYONE);
  }

  @Test
  void requests_run_on_virtual_threads_so_that_a_thousand_may_wait() throws Exception {
    try (House house = new House(this::routes);
        var _ = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(house.get("/thread").body()).isEqualTo("true");

      List<House.Wire> waiting = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        House.Wire wire = house.wire();
        wire.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        waiting.add(wire);
      }

      assertThat(house.get("/thread").statusCode()).isEqualTo(200);
      long platform = platformThreads().stream().filter(name -> name.startsWith("http-")).count();
      assertThat(platform).isLessThanOrEqualTo(8);
      goOn.countDown();
      for (House.Wire wire : waiting) {
        assertThat(wire.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("true");
        wire.close();
      }
    }
  }

  @Test
  void an_idle_server_has_few_platform_threads() {
    Set<String> before = platformThreads();
    try (House house = new House(ANY_PORT, this::routes)) {
      house.get("/thread");

      Set<String> added = platformThreads();
      added.removeAll(before);
      // the test's own client and key server
      added.removeIf(name -> name.startsWith("HttpClient-") || name.startsWith("HTTP-Dispatcher"));
      added.removeIf(name -> name.startsWith("idle-timeout-task"));
      System.out.println("platform threads of an idle server: " + added.size() + " " + added);
      assertThat(added).hasSizeLessThanOrEqualTo(8);
    }
    await()
        .untilAsserted(
            () -> assertThat(platformThreads()).noneMatch(name -> name.startsWith("http-")));
  }

  @Test
  void long_answers_do_not_wait_for_acknowledgements() {
    try (House house = new House(this::routes);
        House.Wire wire = house.wire()) {
      long[] millis = new long[40];
      for (int i = 0; i < millis.length; i++) {
        long start = System.nanoTime();
        wire.write("GET /list HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(wire.readAnswer()).endsWith(LIST);
        millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      }

      Arrays.sort(millis);
      System.out.println("60 kB answers on one connection: p50 " + millis[20] + " ms");
      assertThat(millis[20]).isLessThan(30);
    }
  }

  @Test
  void five_hundred_connections_at_once_are_all_taken_at_once() throws Exception {
    try (House house = new House(this::routes);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch start = new CountDownLatch(1);
      Callable<Long> connect =
          () -> {
            start.await();
            long before = System.nanoTime();
            try (Socket socket = new Socket()) {
              socket.connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), house.server.port()));
              return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            }
          };
      var connecting = IntStream.range(0, 500).mapToObj(_ -> clients.submit(connect)).toList();

      start.countDown();

      long slow = 0;
      for (var one : connecting) {
        slow += one.get() > 900 ? 1 : 0;
      }
      System.out.println("of 500 connections at once, waited more than 0.9 s: " + slow);
      assertThat(slow).isZero();
    }
  }

  @Test
  void connections_leave_descriptors_for_what_answers_them() throws Exception {
    var three = new ConnectionLimits(3, Duration.ofSeconds(10));
    try (House house = new House(ANY_PORT, three, this::routes)) {
      List<House.Wire> connected = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        House.Wire wire = house.wire();
        wire.write("GET /thread HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(wire.readAnswer()).startsWith("HTTP/1.1 200 ");
        connected.add(wire);
      }

      House.Wire fourth = house.wire();
      fourth.write("GET /thread HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(fourth.isSilentFor(Duration.ofMillis(300))).isTrue();

      connected.getFirst().close();
      assertThat(fourth.readAnswer()).startsWith("HTTP/1.1 200 ");
      fourth.close();
      connected.forEach(House.Wire::close);
    }
  }

  @ParameterizedTest
  @CsvSource({"130, 64", "1024, 768", "1048576, 1048320", "9223372036854775807, 2147483647"})
  void there_may_be_as_many_connections_as_descriptors_less_a_reserve(long descriptors, int count) {
    assertThat(ConnectionLimits.countOf(descriptors)).isEqualTo(count);
  }

  @Test
  void who_dribbles_a_request_is_cut_off() throws Exception {
    Duration limit = Duration.ofMillis(500);
    try (House house = new House(ANY_PORT, new ConnectionLimits(10_000, limit), this::routes);
        House.Wire dribbling = house.wire();
        House.Wire silent = house.wire();
        House.Wire served = house.wire();
        House.Wire busy = house.wire()) {
      served.write("GET /thread HTTP/1.1\r\nHost: x\r\n\r\n");
      served.readAnswer();
      busy.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      Thread dribble =
          Thread.startVirtualThread(() -> {
            try {
              dribbling.write("GET / HTTP/1.1\r\nHost: x\r\n");
              for (int i = 0; i < 100; i++) {
                Thread.sleep(20);
                dribbling.write("X-" + i + ": 1\r\n");
              }
            } catch (java.io.UncheckedIOException | InterruptedException e) {
              // cut off, as it should be
            }
          });

      assertThat(dribbling.isClosedByServer()).isTrue();
      assertThat(silent.isClosedByServer()).isTrue();
      assertThat(dribble.join(Duration.ofSeconds(5))).isTrue();

      served.write("GET /thread HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(served.readAnswer()).startsWith("HTTP/1.1 200 ");
      goOn.countDown();
      assertThat(busy.readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void four_thousand_silent_connections_harm_nobody_and_are_closed() throws Exception {
    Duration limit = Duration.ofSeconds(4);
    int silent = 4_000;
    List<SocketChannel> connections = new ArrayList<>();
    try (House house = new House(ANY_PORT, new ConnectionLimits(10_000, limit), this::routes);
        Crowd others = Crowd.open(house.port, 10, _ -> "GET /thread HTTP/1.1\r\nHost: x\r\n\r\n")) {
      others.ask(10, Duration.ofSeconds(1), Duration.ZERO);
      long begin = System.nanoTime();
      for (int i = 0; i < silent; i++) {
        SocketChannel connection =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port));
        connection.configureBlocking(false);
        connections.add(connection);
      }
      long opened = System.nanoTime();
      assertThat(closed(connections)).isZero();

      Crowd.Told told = others.ask(10, Duration.ofSeconds(1), Duration.ZERO);
      dribble(connections);
      await()
          .atMost(limit.plusSeconds(6))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> {
            dribble(connections);
            return closed(connections) == silent;
          });

      System.out.printf(
          "beside %d silent connections, opened in %d ms: %s; all closed after %d ms, limit %d ms%n",
          silent,
          TimeUnit.NANOSECONDS.toMillis(opened - begin),
          told,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
          limit.toMillis());
      assertThat(told.answers()).containsOnlyKeys(200);
      assertThat(Crowd.Told.millis(told.served(), 99)).isLessThan(250);
    } finally {
      for (SocketChannel connection : connections) {
        connection.close();
      }
    }
  }

  /// Every second connection sends one more byte of a header.
  private static void dribble(List<SocketChannel> connections) {
    for (int i = 0; i < connections.size(); i += 2) {
      try {
        connections.get(i).write(ByteBuffer.wrap(new byte[] {'G'}));
      } catch (IOException e) {
        // closed, as it should be
      }
    }
  }

  private static int closed(List<SocketChannel> connections) {
    int closed = 0;
    for (SocketChannel connection : connections) {
      try {
        closed += connection.read(ByteBuffer.allocate(16)) < 0 ? 1 : 0;
      } catch (IOException e) { // reset: there was a byte that nobody read
        closed++;
      }
    }
    return closed;
  }

  @Test
  void a_taken_port_is_said_in_one_line() throws IOException {
    try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HttpConfig config =
          new HttpConfig("127.0.0.1", taken.getLocalPort(), 0, Set.of(), Duration.ZERO);
      Set<String> before = platformThreads();

      assertThatThrownBy(() -> new House(config, this::routes))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " of 127.0.0.1")
          .hasMessageContaining("HTTP_PORT")
          .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n"));
      await()
          .untilAsserted(() -> {
            Set<String> left = platformThreads();
            left.removeAll(before);
            assertThat(left).noneMatch(name -> name.startsWith("http-"));
          });
    }
  }

  static Set<String> platformThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
