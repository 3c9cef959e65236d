package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.local.gateway.Backend.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two instances of a service behind the gateway.
@Timeout(30)
final class BalanceIT {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Replica a;
  private Replica b;
  private Gateway gateway;

  /// An instance that answers every request with its name and what it was sent.
  private static final class Replica {
    private final String name;
    private final HttpServer server;
    private volatile int health = 200;
    private final AtomicInteger served = new AtomicInteger();

    Replica(String name) throws IOException {
      this.name = name;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/health/ready", exchange -> answer(exchange, health, ""));
      server.createContext("/orders", this::serve);
      server.start();
    }

    Instance instance() {
      var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      return new Instance(uri, uri);
    }

    private void serve(HttpExchange exchange) throws IOException {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      served.incrementAndGet();
      answer(exchange, 200, name + body);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    a = new Replica("a");
    b = new Replica("b");
    gateway = gateway(a.instance(), b.instance());
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    gateway.close();
    a.server.stop(0);
    b.server.stop(0);
  }

  @Test
  void both_get_requests_in_turn() throws Exception {
    await().until(() -> answersOf(10).equals("ab"));

    assertThat(a.served.get()).isBetween(4, 6);
    assertThat(b.served.get()).isBetween(4, 6);
  }

  @Test
  void one_that_is_not_ready_gets_none_until_it_is() {
    await().until(() -> answersOf(4).equals("ab"));

    a.health = 503;
    await().until(() -> answersOf(6).equals("b"));

    a.health = 200;
    await().until(() -> answersOf(6).equals("ab"));
  }

  @Test
  void while_none_is_ready_requests_go_to_any() {
    a.health = 503;
    b.health = 503;

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(3))
        .until(() -> answersOf(4).equals("ab"));
  }

  @Test
  void no_request_is_lost_when_one_refuses_connections_whatever_its_method() throws Exception {
    // Said to be ready again and again, though nobody listens there: every turn of it is refused,
    // and no connection from before is left on which something could have been sent.
    gateway.close();
    var bodies = new TreeSet<String>();
    try (var refusing = new Refusing()) {
      var uri = URI.create("http://127.0.0.1:" + refusing.port());
      gateway = gateway(new Instance(uri, b.instance().admin()), b.instance());
      for (int i = 0; i < 20; i++) {
        bodies.add(send(request().POST(BodyPublishers.ofString("#" + "x".repeat(50_000)))).body());
        bodies.add(send(request()).body());
      }
    }

    assertThat(bodies).containsExactly("b", "b#" + "x".repeat(50_000));
  }

  @Test
  void a_request_that_may_have_been_processed_is_not_sent_again() throws Exception {
    try (var rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var taken = new AtomicInteger();
      Thread.ofVirtual().start(() -> hangUp(rude, taken));
      var uri = URI.create("http://127.0.0.1:" + rude.getLocalPort());
      gateway.close();
      gateway = gateway(new Instance(uri, b.instance().admin()), b.instance());

      var statuses = IntStream.range(0, 10).mapToObj(_ -> sent(request()).statusCode()).toList();

      assertThat(statuses).containsOnly(200, 502);
      assertThat(statuses.stream().filter(s -> s == 502).count()).isEqualTo(taken.get());
      assertThat(b.served.get()).isEqualTo(10 - taken.get());
    }
  }

  // Reads a request and closes the connection without an answer, as a process does that is killed.
  private static void hangUp(ServerSocket server, AtomicInteger taken) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        if (socket.getInputStream().read() >= 0) {
          taken.incrementAndGet();
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static Gateway gateway(Instance... instances) {
    var both = new Backend(List.of(instances));
    return Gateway.start(0, new Routes(both, both, both), Terms.NONE, Duration.ofSeconds(5));
  }

  private String answersOf(int count) {
    var answers = new TreeSet<String>();
    for (int i = 0; i < count; i++) {
      answers.add(sent(request()).body());
    }
    return String.join("", answers);
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create(gateway.uri() + "/orders"));
  }

  private HttpResponse<String> sent(HttpRequest.Builder request) {
    try {
      return send(request);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
