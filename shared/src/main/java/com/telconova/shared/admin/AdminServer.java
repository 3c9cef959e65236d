package com.telconova.shared.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.jfr.Recorder;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Readiness;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/metrics`, `/health/live`, `/health/ready`, `/jfr` and `/threads` on a port that is never
/// routed from outside.
///
/// It is the JDK's own server, not a second connector of the API's: what watches a process should
/// answer when that process is flooded, and while it drains.
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private AdminServer(HttpServer server) {
    this.server = server;
  }

  /// @param recorder asked when somebody wants a recording
  /// @throws CannotStart when the port is taken
  public static AdminServer start(
      HttpConfig config,
      Readiness readiness,
      CollectorRegistry registry,
      Supplier<Recorder> recorder) {
    try {
      AdminServer admin =
          new AdminServer(
              HttpServer.create(
                  new InetSocketAddress(config.bindAddress(), config.adminPort()), 0));
      admin.get("/health/live", () -> json(200, Map.of("status", "UP")));
      admin.get("/health/ready", () -> ready(readiness));
      admin.get("/metrics", () -> metrics(registry));
      admin.get("/jfr", new RecordingHandler(recorder, Clock.systemUTC())::handle);
      admin.get("/threads", new ThreadDumpHandler()::handle);
      admin.server.setExecutor(admin.threads);
      admin.server.start();
      return admin;
    } catch (IOException e) {
      throw new CannotStart(
          "Admin port %d of %s cannot be opened: %s. Set ADMIN_PORT to a free one."
              .formatted(config.adminPort(), config.bindAddress(), e.getMessage()),
          e);
    }
  }

  /// The port it listens on.
  public int port() {
    return server.getAddress().getPort();
  }

  /// Answers nobody any more; a recording that somebody waits for is given up.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    threads.close();
  }

  private record Answer(int status, String contentType, byte[] body) {}

  private static Answer ready(Readiness readiness) {
    Map<String, String> faults = readiness.faults();
    return faults.isEmpty()
        ? json(200, Map.of("status", "UP"))
        : json(503, Map.of("status", "DOWN", "faults", faults));
  }

  private static Answer metrics(CollectorRegistry registry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 * 1024);
    // An OutputStreamWriter allocates for each character it is given by itself: 1 MB a scrape.
    try (Writer writer =
        new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
      TextFormat.write004(writer, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(200, TextFormat.CONTENT_TYPE_004, bytes.toByteArray());
  }

  private static Answer json(int status, Object body) {
    try {
      return new Answer(status, "application/json", Mappers.TOLERANT.writeValueAsBytes(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What writes its answer itself.
  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void get(String path, Supplier<Answer> answer) {
    get(path, (Handler) exchange -> send(exchange, answer.get()));
  }

  private void get(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
              send(exchange, json(404, Map.of("status", "NOT_FOUND")));
            } else if (!METHODS.contains(exchange.getRequestMethod())) {
              exchange.getResponseHeaders().set("Allow", "GET, HEAD");
              send(exchange, json(405, Map.of("status", "METHOD_NOT_ALLOWED")));
            } else {
              handleOrSayWhy(exchange, path, handler);
            }
          }
        });
  }

  private static void handleOrSayWhy(HttpExchange exchange, String path, Handler handler)
      throws IOException {
    try {
      handler.handle(exchange);
    } catch (Failure e) {
      refuse(exchange, path, ProblemMapper.map(e));
    } catch (RuntimeException e) {
      log.error("{} failed", path, e);
      if (exchange.getResponseCode() == -1) {
        send(exchange, json(500, Map.of("status", "ERROR")));
      }
    }
  }

  private static void refuse(HttpExchange exchange, String path, Problem problem)
      throws IOException {
    exchange.getResponseHeaders().remove("Content-Disposition");
    byte[] body = Mappers.TOLERANT.writeValueAsBytes(problem.at(path, null));
    send(exchange, new Answer(problem.status(), Problem.CONTENT_TYPE, body));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }
}
