package com.telconova.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What auth needs of tracking: a port that takes mails, goes away and comes back.
final class FakeTracking implements AutoCloseable {
  final List<Sent> received = new CopyOnWriteArrayList<>();

  /// What it answers; 0 to hang up without an answer.
  volatile int status = 202;

  private final int port;
  private HttpServer server;

  /// A request as it came.
  record Sent(String method, String path, String authorization, String key, JsonNode body) {
    String user() {
      return body.at("/userId").asText();
    }

    String token() {
      return body.at("/parameters/token").asText();
    }
  }

  FakeTracking() {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  void goDown() {
    server.stop(0);
  }

  void comeBack() {
    server = listen(port);
  }

  List<Sent> of(String user) {
    return received.stream().filter(sent -> sent.user().equals(user)).toList();
  }

  @Override
  public void close() {
    goDown();
  }

  private HttpServer listen(int at) {
    try {
      HttpServer listening =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
      listening.createContext("/", this::take);
      listening.start();
      return listening;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(
          new Sent(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              exchange.getRequestHeaders().getFirst("Authorization"),
              exchange.getRequestHeaders().getFirst("Idempotency-Key"),
              Mappers.TOLERANT.readTree(exchange.getRequestBody())));
      if (status != 0) {
        exchange.sendResponseHeaders(status, -1);
      }
    }
  }
}
