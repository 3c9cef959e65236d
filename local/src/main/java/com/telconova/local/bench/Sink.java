package com.telconova.local.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// SNS and SQS for a process whose requests are measured: takes every event and has none, at next
/// to no cost. On AWS the real ones run elsewhere; the emulator's processor time would be ours.
final class Sink implements AutoCloseable {
  private static final Pattern ID =
      Pattern.compile("PublishBatchRequestEntries\\.member\\.\\d+\\.Id");
  private static final long POLL_SECONDS = 2;
  private static final String EMPTY_QUEUE =
      """
      {"Attributes": {"ApproximateNumberOfMessages": "0",
       "ApproximateNumberOfMessagesNotVisible": "0", "ApproximateNumberOfMessagesDelayed": "0"}}
      """;

  private final HttpServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong taken = new AtomicLong();

  private Sink(HttpServer server) {
    this.server = server;
  }

  static Sink open() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    var sink = new Sink(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", sink::answer);
    server.start();
    return sink;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// How many events it took.
  long taken() {
    return taken.get();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      if (target.endsWith("ReceiveMessage")) {
        rest();
      }
      reply(exchange, "application/x-amz-json-1.0", EMPTY_QUEUE);
    } else {
      reply(exchange, "text/xml", published(body));
    }
  }

  private String published(String form) {
    var accepted = new StringBuilder();
    for (var field : form.split("&")) {
      int at = field.indexOf('=');
      if (at > 0 && ID.matcher(field.substring(0, at)).matches()) {
        taken.incrementAndGet();
        accepted
            .append("<member><Id>")
            .append(URLDecoder.decode(field.substring(at + 1), StandardCharsets.UTF_8))
            .append("</Id><MessageId>")
            .append(UUID.randomUUID())
            .append("</MessageId></member>");
      }
    }
    return "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">"
        + "<PublishBatchResult><Successful>"
        + accepted
        + "</Successful><Failed/></PublishBatchResult><ResponseMetadata><RequestId>"
        + UUID.randomUUID()
        + "</RequestId></ResponseMetadata></PublishBatchResponse>";
  }

  private void rest() {
    try {
      if (closing.await(POLL_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reply(HttpExchange exchange, String type, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
