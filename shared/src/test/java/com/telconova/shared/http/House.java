package com.telconova.shared.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.RemoteKeys;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import com.telconova.shared.trace.Tracing;
import io.javalin.config.RoutesConfig;
import io.prometheus.client.CollectorRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The HTTP server of the house on a free port, with the routes of a test, and two ways to talk to
/// it: as a well-behaved client, and byte by byte.
final class House implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ConnectionLimits USUAL = ConnectionLimits.ofProcess();
  private static final ObjectMapper JSON = new ObjectMapper();

  final CollectorRegistry registry = new CollectorRegistry();
  final HttpServer server;
  final int port;
  private final Tokens tokens = Tokens.open();
  private final HttpClient client = HttpClient.newHttpClient();

  House(Consumer<RoutesConfig> routes) {
    this(new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO), routes);
  }

  House(HttpConfig config, Consumer<RoutesConfig> routes) {
    this(config, USUAL, routes);
  }

  House(HttpConfig config, ConnectionLimits limits, Consumer<RoutesConfig> routes) {
    this(config, limits, () -> Optional.of(Runnable::run), Tracing.OFF, routes);
  }

  House(Tracing tracing, Consumer<RoutesConfig> routes) {
    this(
        new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO),
        USUAL,
        () -> Optional.of(Runnable::run),
        tracing,
        routes);
  }

  /// @param admission lets requests with a token in at the door, or does not
  House(Supplier<Optional<Executor>> admission, Consumer<RoutesConfig> routes) {
    this(
        new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO),
        USUAL,
        admission,
        Tracing.OFF,
        routes);
  }

  private House(
      HttpConfig config,
      ConnectionLimits limits,
      Supplier<Optional<Executor>> admission,
      Tracing tracing,
      Consumer<RoutesConfig> routes) {
    TokenVerifier verifier =
        new TokenVerifier(
            Clock.systemUTC(),
            Tokens.ISSUER,
            new RemoteKeys(Clock.systemUTC(), tokens.jwksUrl(), client),
            _ -> false);
    this.server =
        HttpServer.start(
            config,
            limits,
            new AccessControl(verifier),
            admission,
            tracing,
            registry,
            List.of(routes));
    this.port = server.port();
  }

  String token(Role role) {
    return tokens.issue(UUID.randomUUID(), role);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /// A request with a JSON body.
  HttpResponse<String> post(String path, String body) {
    return send("POST", path, body, "Content-Type", "application/json");
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).method(method, publisher);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends exactly these bytes and reads until the server closes or one whole answer is here.
  String raw(String bytes) {
    try (Wire wire = wire()) {
      wire.write(bytes);
      return wire.readAnswer();
    }
  }

  /// A connection of its own, for bytes as they are.
  Wire wire() {
    return new Wire(port);
  }

  @Override
  public void close() {
    server.close();
    client.close();
    tokens.close();
  }

  /// One TCP connection.
  static final class Wire implements AutoCloseable {
    private final Socket socket;

    private Wire(int port) {
      try {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void write(String bytes) {
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// Says that no more bytes come; the answer can still be read.
    void endOutput() {
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// One answer, head and body; empty when the server closed without one.
    String readAnswer() {
      StringBuilder answer = new StringBuilder();
      try {
        InputStream in = socket.getInputStream();
        while (answer.indexOf("\r\n\r\n") < 0) {
          int b = in.read();
          if (b < 0) {
            return answer.toString();
          }
          answer.append((char) b);
        }
        if (answer.toString().contains("Transfer-Encoding: chunked")) {
          return answer.append(chunks(in)).toString();
        }
        int length = length(answer.toString());
        byte[] body = length < 0 ? in.readAllBytes() : in.readNBytes(length);
        return answer.append(new String(body, StandardCharsets.UTF_8)).toString();
      } catch (IOException e) {
        throw new UncheckedIOException("after: " + answer, e);
      }
    }

    /// Whether no byte and no end comes for so long.
    boolean isSilentFor(Duration time) throws IOException {
      socket.setSoTimeout((int) time.toMillis());
      try {
        socket.getInputStream().read();
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        socket.setSoTimeout((int) PATIENCE.toMillis());
      }
    }

    /// Whether the server has closed this connection, or does so within the patience of a test.
    boolean isClosedByServer() {
      try {
        return socket.getInputStream().read() < 0;
      } catch (IOException e) {
        return e.getMessage().contains("reset");
      }
    }

    /// Throws at the end of the stream before the last chunk: such an answer is not whole.
    private static String chunks(InputStream in) throws IOException {
      StringBuilder body = new StringBuilder();
      while (true) {
        StringBuilder size = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
          if (b < 0) {
            throw new EOFException("after " + body.length() + " characters of body");
          }
          size.append((char) b);
        }
        int length = Integer.parseInt(size.toString().strip(), 16);
        body.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        in.readNBytes(2);
        if (length == 0) {
          return body.toString();
        }
      }
    }

    private static int length(String head) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
          .map(line -> Integer.parseInt(line.substring(15).strip()))
          .findFirst()
          .orElse(-1);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
