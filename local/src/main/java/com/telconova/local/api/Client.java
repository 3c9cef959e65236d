package com.telconova.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.telconova.shared.json.Mappers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// JSON over HTTP to one base URL, for one user or for nobody yet. Thread-safe.
public final class Client implements AutoCloseable {

  private static final Duration TIME = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;
  private final Optional<String> apiKey;

  /// @param base without a trailing slash
  public Client(URI base) {
    this(base, Optional.empty());
  }

  /// @param base without a trailing slash
  /// @param apiKey sent with every request, as `x-api-key`
  public Client(URI base, Optional<String> apiKey) {
    this.base = base;
    this.apiKey = apiKey;
  }

  /// Gets a resource.
  ///
  /// @param token an access token, or null to be nobody
  public Answer get(String path, String token) {
    return send(request(path, token).GET());
  }

  /// Gets plain text, such as metrics.
  ///
  /// @throws UncheckedIOException when there is no answer
  public String text(String path) {
    try {
      return http.send(request(path, null).build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(base + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + base, e);
    }
  }

  /// Posts JSON.
  ///
  /// @param token an access token, or null to be nobody
  public Answer post(String path, String token, Map<String, ?> body) {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json(body))));
  }

  /// Posts JSON with an `Idempotency-Key`: sent again, it is answered as the first time.
  public Answer post(String path, String token, String key, Map<String, ?> body) {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(json(body))));
  }

  /// Puts JSON.
  ///
  /// @param token an access token, or null to be nobody
  public Answer put(String path, String token, Map<String, ?> body) {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json(body))));
  }

  /// Posts a file as `multipart/form-data` (RFC 7578).
  ///
  /// @param fields the plain fields that come before it
  public Answer upload(
      String path, String token, Map<String, String> fields, String fileName, byte[] file) {
    var boundary = "microflow-" + UUID.randomUUID();
    var body = new ByteArrayOutputStream();
    fields.forEach((name, value) ->
        body.writeBytes(
            """
            --%s\r
            Content-Disposition: form-data; name="%s"\r
            \r
            %s\r
            """
                .formatted(boundary, name, value)
                .getBytes(StandardCharsets.UTF_8)));
    body.writeBytes(
        """
        --%s\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .formatted(boundary, fileName)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(file);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        request(path, token)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, String token) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIME);
    apiKey.ifPresent(key -> request.header("x-api-key", key));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) {
    long started = System.nanoTime();
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      long millis = (System.nanoTime() - started) / 1_000_000;
      boolean replayed =
          response.headers().firstValue("Idempotency-Replayed").orElse("").equals("true");
      return new Answer(response.statusCode(), body(response), millis, replayed);
    } catch (IOException e) {
      throw new UncheckedIOException(base + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + base, e);
    }
  }

  private static JsonNode body(HttpResponse<byte[]> response) throws IOException {
    var type = response.headers().firstValue("Content-Type").orElse("");
    return response.body().length > 0 && type.contains("json")
        ? Mappers.TOLERANT.readTree(response.body())
        : MissingNode.getInstance();
  }

  private static String json(Map<String, ?> body) {
    try {
      return Mappers.TOLERANT.writeValueAsString(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
