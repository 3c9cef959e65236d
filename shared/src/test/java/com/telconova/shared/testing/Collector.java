package com.telconova.shared.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// A collector of traces as OpenTelemetry's protocol has it (OTLP by HTTP), on a free port of the
/// loopback: keeps what it receives, and decodes it by the protocol's own definition when it is
/// asked for, so that whoever is measured beside it has the machine. Thread-safe.
///
/// Needs `opentelemetry-proto` on the class path of whoever uses it.
public final class Collector implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Received> spans = new ConcurrentLinkedQueue<>();
  private final Queue<byte[]> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private volatile int answer = 200;

  /// A call as it came.
  ///
  /// @param body unpacked
  public record Call(String path, Map<String, List<String>> headers, byte[] body) {}

  /// Where a span points to.
  public record Link(String traceId, String spanId) {}

  /// A span as it came.
  ///
  /// @param parentId empty for a root
  /// @param kind `SERVER` and so on
  /// @param attributes as text
  /// @param resource likewise
  public record Received(
      String service,
      String traceId,
      String spanId,
      String parentId,
      String name,
      String kind,
      Instant start,
      Instant end,
      boolean isError,
      String statusMessage,
      Map<String, String> attributes,
      List<Link> links,
      Map<String, String> resource) {

    public String attribute(String name) {
      return attributes.get(name);
    }

    public boolean isRoot() {
      return parentId.isEmpty();
    }

    public Duration duration() {
      return Duration.between(start, end);
    }
  }

  private Collector(HttpServer server) {
    this.server = server;
  }

  public static Collector start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Collector collector = new Collector(server);
      server.createContext("/", collector::take);
      server.setExecutor(collector.threads);
      server.start();
      return collector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What `OTEL_EXPORTER_OTLP_ENDPOINT` takes.
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// Answers so from now on; what it does not answer 200 to, it does not keep.
  public void answer(int status) {
    answer = status;
  }

  /// All that came so far.
  public synchronized List<Received> spans() {
    for (byte[] body = accepted.poll(); body != null; body = accepted.poll()) {
      try {
        ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::keep);
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
    }
    return List.copyOf(spans);
  }

  /// What came of one trace.
  public List<Received> trace(String traceId) {
    return spans().stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  public List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized void clear() {
    accepted.clear();
    spans.clear();
    calls.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
          body = unpacked.readAllBytes();
        }
      }
      calls.add(
          new Call(
              exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()), body));
      if (answer == 200) {
        accepted.add(body);
      }
      byte[] reply = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(answer, reply.length == 0 ? -1 : reply.length);
    }
  }

  private void keep(ResourceSpans group) {
    Map<String, String> resource = attributes(group.getResource().getAttributesList());
    for (ScopeSpans scope : group.getScopeSpansList()) {
      scope
          .getSpansList()
          .forEach(span ->
              spans.add(
                  new Received(
                      resource.get("service.name"),
                      hex(span.getTraceId()),
                      hex(span.getSpanId()),
                      hex(span.getParentSpanId()),
                      span.getName(),
                      span.getKind().name().replace("SPAN_KIND_", ""),
                      time(span.getStartTimeUnixNano()),
                      time(span.getEndTimeUnixNano()),
                      span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                      span.getStatus().getMessage(),
                      attributes(span.getAttributesList()),
                      span.getLinksList().stream()
                          .map(link -> new Link(hex(link.getTraceId()), hex(link.getSpanId())))
                          .toList(),
                      resource)));
    }
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    return list.stream().collect(Collectors.toMap(KeyValue::getKey, pair -> text(pair.getValue())));
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      default -> value.toString();
    };
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }

  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
