package com.telconova.shared.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// A service's REST API as a test calls it: JSON out, status and JSON back.
public final class Api implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final ApiContract contract;

  /// The API on this port of loopback.
  public Api(int port) {
    this(port, null);
  }

  /// @param contract what every answer is held to, or null
  public Api(int port, ApiContract contract) {
    this.base = URI.create("http://127.0.0.1:" + port);
    this.contract = contract;
  }

  /// What came back.
  ///
  /// @param body JSON, or missing when there was none
  public record Answer(int status, JsonNode body, HttpResponse<String> response) {
    /// A field of the body, as text; null when it is absent.
    public String text(String pointer) {
      JsonNode node = body.at(pointer);
      return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    /// The first header of this name, or null.
    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  /// @param token an access token, or null
  /// @param headers names and values in turn
  public Answer get(String path, String token, String... headers) {
    return send("GET", path, token, null, headers);
  }

  /// @param json the body
  public Answer post(String path, String token, String json, String... headers) {
    return send("POST", path, token, json, headers);
  }

  /// @param json the body
  public Answer put(String path, String token, String json, String... headers) {
    return send("PUT", path, token, json, headers);
  }

  /// Any method.
  public Answer send(String method, String path, String token, String json, String... headers) {
    byte[] body = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
    return sendBytes(method, path, token, body, headers);
  }

  /// Any method, and bytes that may be no JSON.
  public Answer sendBytes(
      String method, String path, String token, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    boolean typed = Arrays.stream(headers).anyMatch("Content-Type"::equalsIgnoreCase);
    if (body != null && !typed) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  /// Any request.
  ///
  /// @throws AssertionError when the answer is not what the contract says
  public Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, Api::body);
      Answer answer = new Answer(response.statusCode(), json(response), response);
      if (contract != null) {
        contract.check(request.method(), request.uri().getRawPath(), answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The whole body, but of a stream that has no end only its beginning.
  private static HttpResponse.BodySubscriber<String> body(HttpResponse.ResponseInfo answer) {
    boolean endless =
        answer
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith("text/event-stream"))
            .isPresent();
    return endless ? new Beginning() : HttpResponse.BodyHandlers.ofString().apply(answer);
  }

  /// The first bytes of a body; then it hangs up.
  private static final class Beginning implements HttpResponse.BodySubscriber<String> {
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
      return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      text.complete(StandardCharsets.UTF_8.decode(bytes.getFirst()).toString());
      subscription.cancel();
    }

    @Override
    public void onError(Throwable failure) {
      text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      text.complete("");
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /// Missing for what says that it is no JSON.
  private static JsonNode json(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("application/json");
    if (!type.split(";", 2)[0].strip().endsWith("json")) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + response.body(), e);
    }
  }
}
