package com.telconova.local.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Stands before SNS and does what emulators do not: takes a batch in part, or takes it and does
/// not say so. Everything else goes through. Thread-safe.
final class SnsRelay implements AutoCloseable {
  private static final Pattern ENTRY =
      Pattern.compile("PublishBatchRequestEntries\\.member\\.(\\d+)\\.(.+)");
  private static final Pattern ACCEPTED =
      Pattern.compile(
          "<Id>([^<]+)</Id>\\s*<MessageId>|<MessageId>[^<]*</MessageId>\\s*<Id>([^<]+)</Id>");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final URI sns;
  private final Supplier<Answer> decide;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Map<Answer, AtomicInteger> given = new ConcurrentHashMap<>();
  private final AtomicInteger largest = new AtomicInteger();

  /// What becomes of a batch.
  enum Answer {
    /// SNS takes it and says so.
    TAKEN,
    /// SNS takes every second entry and names the others as failed.
    TAKEN_IN_PART,
    /// SNS takes it, and the answer never comes.
    TAKEN_IN_SILENCE,
    /// SNS takes it, and the answer is an error.
    TAKEN_AND_DENIED,
    /// SNS takes nothing, and no answer comes.
    LOST
  }

  /// @param sns where it really is
  /// @param decide is asked for each batch
  SnsRelay(URI sns, Supplier<Answer> decide) {
    this.sns = sns;
    this.decide = decide;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// The events that SNS took, whatever was said of them.
  Set<String> accepted() {
    return Set.copyOf(accepted);
  }

  /// How often each answer was given.
  Map<Answer, AtomicInteger> given() {
    return new TreeMap<>(given);
  }

  /// The largest batch so far: bytes of all messages in it.
  int largestBatch() {
    return largest.get();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      var form = form(new String(body, StandardCharsets.UTF_8));
      if ("PublishBatch".equals(form.get("Action"))) {
        publish(exchange, form);
      } else {
        answer(exchange, forward(exchange, body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(HttpExchange exchange, Map<String, String> form)
      throws IOException, InterruptedException {
    var entries = entries(form);
    var ids = entries.stream().map(entry -> entry.get("Id")).toList();
    largest.accumulateAndGet(entries.stream().mapToInt(SnsRelay::bytes).sum(), Math::max);
    var answer = decide.get();
    given.computeIfAbsent(answer, _ -> new AtomicInteger()).incrementAndGet();
    switch (answer) {
      case TAKEN -> answer(exchange, take(exchange, form, entries));
      case TAKEN_IN_PART -> {
        var taken = new ArrayList<Map<String, String>>();
        var refused = new ArrayList<String>();
        for (int i = 0; i < entries.size(); i++) {
          if (i % 2 == 0) {
            refused.add(ids.get(i));
          } else {
            taken.add(entries.get(i));
          }
        }
        var response = taken.isEmpty() ? null : take(exchange, form, taken);
        answer(exchange, 200, withFailed(response == null ? EMPTY : response.body(), refused));
      }
      case TAKEN_IN_SILENCE -> {
        take(exchange, form, entries);
        closed.await();
      }
      case TAKEN_AND_DENIED -> {
        take(exchange, form, entries);
        answer(exchange, 500, ERROR);
      }
      case LOST -> closed.await();
      default -> throw new IllegalStateException(answer.toString());
    }
  }

  private static final String EMPTY =
      """
      <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>\
      <Successful></Successful><Failed></Failed></PublishBatchResult></PublishBatchResponse>
      """;

  private static final String ERROR =
      """
      <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Receiver</Type>\
      <Code>InternalFailure</Code><Message>made by the laboratory</Message></Error></ErrorResponse>
      """;

  private static String withFailed(String response, List<String> refused) {
    var failed = new StringBuilder("<Failed>");
    refused.forEach(id ->
        failed.append(
            "<member><Id>%s</Id><Code>InternalError</Code><Message>made by the laboratory</Message><SenderFault>false</SenderFault></member>"
                .formatted(id)));
    failed.append("</Failed>");
    var without = response.replaceAll("<Failed\\s*/>|<Failed>\\s*</Failed>", "");
    return without.replace("</PublishBatchResult>", failed + "</PublishBatchResult>");
  }

  private HttpResponse<String> take(
      HttpExchange exchange, Map<String, String> form, List<Map<String, String>> entries)
      throws IOException, InterruptedException {
    var some = new LinkedHashMap<String, String>();
    form.forEach((name, value) -> {
      if (!ENTRY.matcher(name).matches()) {
        some.put(name, value);
      }
    });
    for (int i = 0; i < entries.size(); i++) {
      int number = i + 1;
      entries
          .get(i)
          .forEach((name, value) ->
              some.put("PublishBatchRequestEntries.member." + number + "." + name, value));
    }
    var response = forward(exchange, encode(some).getBytes(StandardCharsets.UTF_8));
    Matcher id = ACCEPTED.matcher(response.body());
    while (id.find()) {
      accepted.add(id.group(1) == null ? id.group(2) : id.group(1));
    }
    return response;
  }

  private HttpResponse<String> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(sns.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    for (var name : List.of("Content-Type", "Authorization", "X-Amz-Date", "X-Amz-Target")) {
      var value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void answer(HttpExchange exchange, HttpResponse<String> response)
      throws IOException {
    response
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    answer(exchange, response.statusCode(), response.body());
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static int bytes(Map<String, String> entry) {
    return entry.getOrDefault("Message", "").getBytes(StandardCharsets.UTF_8).length;
  }

  /// The entries' fields, without the number that they begin with.
  private static List<Map<String, String>> entries(Map<String, String> form) {
    var entries = new TreeMap<Integer, Map<String, String>>();
    form.forEach((name, value) -> {
      var entry = ENTRY.matcher(name);
      if (entry.matches()) {
        entries
            .computeIfAbsent(Integer.parseInt(entry.group(1)), _ -> new LinkedHashMap<>())
            .put(entry.group(2), value);
      }
    });
    return List.copyOf(entries.values());
  }

  private static Map<String, String> form(String text) {
    var form = new LinkedHashMap<String, String>();
    for (var pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notAForm) {
      return text;
    }
  }

  private static String encode(Map<String, String> form) {
    var text = new StringBuilder();
    form.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "&")
            .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
