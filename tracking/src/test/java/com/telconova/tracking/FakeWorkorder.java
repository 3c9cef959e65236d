package com.telconova.tracking;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What workorder answers to `GET /orders/{id}`: the orders a test gave it, 404 for others, 503
/// while it is down. It asks for a token and does not look at whose.
public final class FakeWorkorder implements AutoCloseable {
  private final Map<String, String> orders = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final HttpServer server;
  private volatile boolean down;

  public FakeWorkorder() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/orders/", this::answer);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Has this order from now on.
  ///
  /// @param technicianId may be null
  public void put(UUID id, UUID customerId, UUID technicianId, String status, long version) {
    orders.put(
        "/orders/" + id,
        """
        {"id": "%s", "code": "WO-2026-000007", "customerId": "%s", "title": "No internet",
         "description": "Since noon", "category": "REPAIR", "priority": "P2", "zone": "BOG-NORTE",
         "address": "Calle 100 # 8-60", "requiredSkills": [], "status": "%s", %s
         "version": %d, "createdAt": "2026-03-02T13:00:00Z"}
        """
            .formatted(
                id,
                customerId,
                status,
                technicianId == null ? "" : "\"technicianId\": \"" + technicianId + "\",",
                version));
  }

  /// Answers 503 until it is told otherwise.
  public void down(boolean isDown) {
    down = isDown;
  }

  /// How often it was asked.
  public int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.incrementAndGet();
      String order = orders.get(exchange.getRequestURI().getPath());
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      if (down) {
        exchange.sendResponseHeaders(503, -1);
      } else if (token == null || !token.startsWith("Bearer ")) {
        exchange.sendResponseHeaders(401, -1);
      } else if (order == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        byte[] bytes = order.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
