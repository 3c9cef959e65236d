package com.telconova.shared.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.config.Secret;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Trace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one of our services a question, or sends it something, in the name of whoever's token it is
/// and in the trace at hand. A try takes a second at most. A question is asked twice, something is
/// sent once, and nothing is tried while the circuit is open.
public final class ServiceClient {
  private static final Logger log = LoggerFactory.getLogger(ServiceClient.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int TRIES = 2;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final String name;
  private final URI base;
  private final HttpClient http;
  private final CircuitBreaker circuit;

  /// @param name the service, for messages
  /// @param base its address, such as `http://auth:8081`
  public ServiceClient(Clock clock, String name, URI base, HttpClient http) {
    this.name = name;
    this.base = base;
    this.http = http;
    this.circuit = new CircuitBreaker(clock);
  }

  /// Makes the connections that all clients of a process share: HTTP/1.1 (there is nothing to gain
  /// from an upgrade inside a network), each callback on a virtual thread.
  public static HttpClient connections() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(TIMEOUT)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  /// Gets a resource as JSON; unknown fields are skipped.
  ///
  /// @param path absolute, such as `/users/0198…`
  /// @return empty when the service says that the caller may not see it, or that there is none
  /// @throws Failure.Unavailable when the service does not answer
  public <T> Optional<T> get(String path, Secret token, Class<T> type) {
    HttpRequest.Builder request = request(path, token);
    for (int attempt = 1; attempt <= TRIES && circuit.admits(); attempt++) {
      Optional<Optional<T>> answer = exchange(request, attempt, response -> read(response, type));
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw unavailable();
  }

  /// Sends JSON, once: what the service did not take is the caller's to send again, under the same
  /// key, so that it takes effect once.
  ///
  /// @param path absolute, such as `/notifications/send`
  /// @param idempotencyKey 1 to 64 visible ASCII characters
  /// @return the status of the answer, below 500 and not 429
  /// @throws Failure.Unavailable when the service does not answer, or not now
  public int post(String path, Secret token, Object body, String idempotencyKey) {
    HttpRequest.Builder request =
        request(path, token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.ofByteArray(write(body)));
    if (!circuit.admits()) {
      throw unavailable();
    }
    return exchange(request, 1, HttpResponse::statusCode).orElseThrow(this::unavailable);
  }

  /// One try; empty when there was no answer that says anything.
  private <T> Optional<T> exchange(HttpRequest.Builder builder, int attempt, Reader<T> reader) {
    Span span = Span.within(Span.Kind.CLIENT, "HTTP");
    try (Span.Scope _ = span.enter()) {
      Trace.current().ifPresent(here -> builder.setHeader("traceparent", here.traceparent()));
      HttpRequest request = builder.build();
      describe(span, request, attempt);
      return exchange(request, span, reader);
    } finally {
      span.end();
    }
  }

  private <T> Optional<T> exchange(HttpRequest request, Span span, Reader<T> reader) {
    String what = request.method() + " " + request.uri().getPath();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      int status = response.statusCode();
      span.set("http.response.status_code", status);
      if (status >= 400) {
        span.fail(Integer.toString(status));
      }
      if (status < 500 && status != 429) {
        T answer = reader.read(response);
        circuit.succeeded();
        return Optional.of(answer);
      }
      circuit.failed();
      log.warn("{} answered {} to {}", name, status, what);
    } catch (IOException e) {
      circuit.failed();
      span.fail(e);
      log.warn("{} did not answer {}: {}", name, what, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      span.fail(e);
      throw new Failure.Unavailable("The process is stopping.", TIMEOUT);
    }
    return Optional.empty();
  }

  private Failure.Unavailable unavailable() {
    return new Failure.Unavailable(
        "The service %s does not answer; try again.".formatted(name), CircuitBreaker.OPEN);
  }

  private HttpRequest.Builder request(String path, Secret token) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token.value());
  }

  /// https://opentelemetry.io/docs/specs/semconv/http/http-spans/
  private void describe(Span span, HttpRequest request, int attempt) {
    if (!span.isRecorded()) {
      return;
    }
    String template = ID.matcher(request.uri().getPath()).replaceAll("{id}");
    span.rename(request.method() + " " + template);
    span.set("http.request.method", request.method())
        .set("url.full", base.resolve(request.uri().getPath()).toString())
        .set("url.template", template)
        .set("server.address", base.getHost())
        .set("server.port", port(base))
        .set("service.peer.name", name);
    if (attempt > 1) {
      span.set("http.request.resend_count", attempt - 1);
    }
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static <T> Optional<T> read(HttpResponse<byte[]> response, Class<T> type)
      throws IOException {
    return response.statusCode() == 200
        ? Optional.of(Mappers.TOLERANT.readValue(response.body(), type))
        : Optional.empty();
  }

  private static byte[] write(Object body) {
    try {
      return Mappers.TOLERANT.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("what is to be sent is not JSON", e);
    }
  }

  /// Understands an answer, or throws.
  private interface Reader<T> {
    T read(HttpResponse<byte[]> response) throws IOException;
  }
}
