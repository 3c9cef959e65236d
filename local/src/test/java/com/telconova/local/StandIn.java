package com.telconova.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// A service as far as the workbench can tell: it listens on its two ports, is ready, and answers
/// every request as if it had worked, but for orders, which it never answers. It needs nothing but
/// the JDK.
final class StandIn {
  private StandIn() {}

  public static void main(String[] args) throws IOException {
    serve("ADMIN_PORT", 200, "{\"status\":\"UP\"}");
    serve("HTTP_PORT", 0, "{\"accessToken\":\"t\",\"user\":{\"id\":\"u\"},\"id\":\"1\"}");
  }

  private static void serve(String port, int status, String body) throws IOException {
    var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv(port)));
    var server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, status, body));
    server.createContext("/orders", _ -> LockSupport.park());
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var path = exchange.getRequestURI().getPath();
    int worked = path.equals("/users") || path.equals("/auth/register") ? 201 : 200;
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status == 0 ? worked : status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /// One that cannot start, and says why in the log as services do.
  static final class Broken {
    private Broken() {}

    public static void main(String[] args) {
      System.out.println(
          "{\"level\":\"ERROR\",\"formattedMessage\":\"Schema auth is at version 0, not 1\"}");
      System.exit(1);
    }
  }
}
