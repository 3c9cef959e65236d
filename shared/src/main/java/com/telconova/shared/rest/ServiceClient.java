package com.telconova.shared.rest;

import com.telconova.shared.config.Secret;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one of our services a question, in the name of whoever asked us: with their token, and in
/// their trace. A try takes a second at most, there are two, and none while the circuit is open.
public final class ServiceClient {
  private static final Logger log = LoggerFactory.getLogger(ServiceClient.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int TRIES = 2;

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
    for (int attempt = 1; attempt <= TRIES && circuit.admits(); attempt++) {
      try {
        HttpResponse<byte[]> response =
            http.send(request(path, token), HttpResponse.BodyHandlers.ofByteArray());
        int status = response.statusCode();
        if (status < 500 && status != 429) {
          circuit.succeeded();
          return status == 200
              ? Optional.of(Mappers.TOLERANT.readValue(response.body(), type))
              : Optional.empty();
        }
        circuit.failed();
        log.warn("{} answered {} to GET {}", name, status, path);
      } catch (IOException e) {
        circuit.failed();
        log.warn("{} did not answer GET {}: {}", name, path, e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure.Unavailable("The process is stopping.", TIMEOUT);
      }
    }
    throw new Failure.Unavailable(
        "The service %s, which knows this, does not answer; try again.".formatted(name),
        CircuitBreaker.OPEN);
  }

  private HttpRequest request(String path, Secret token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token.value());
    Trace.current().ifPresent(trace -> request.header("traceparent", trace.traceparent()));
    return request.build();
  }
}
