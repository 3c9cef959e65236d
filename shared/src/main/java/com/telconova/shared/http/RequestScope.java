package com.telconova.shared.http;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Tracing;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Gives each request an id and a trace, and measures it.
///
/// The metric is OpenTelemetry's `http.server.request.duration`, by method, route template and
/// status.
final class RequestScope {
  static final String REQUEST_ID = "X-Request-Id";
  static final String CLIENT_ADDRESS = "microflow.client-address";
  private static final Logger log = LoggerFactory.getLogger("com.telconova.access");
  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final String UNMATCHED = "unmatched";
  private static final String SCOPE = "microflow.scope";
  private static final String SPAN = "microflow.span";
  private static final String TOLD = "microflow.told";

  private final Tracing tracing;
  private final TrustedProxies proxies;
  private final Histogram duration;

  RequestScope(HttpConfig config, Tracing tracing, CollectorRegistry registry) {
    this.tracing = tracing;
    this.proxies = new TrustedProxies(config.trustedProxies());
    this.duration =
        Histogram.build("http_server_request_duration_seconds", "Duration of HTTP requests.")
            .labelNames("http_request_method", "http_route", "http_response_status_code")
            .buckets(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10)
            .register(registry);
  }

  void register(JavalinConfig javalin) {
    javalin.routes.before(this::begin);
    javalin.requestLogger.http(this::end);
  }

  private void begin(Context ctx) {
    HttpRequestEvent told = HttpRequestEvent.started();
    if (told != null) {
      ctx.attribute(TOLD, told);
    }
    String id = id(ctx.header(REQUEST_ID));
    ctx.header(REQUEST_ID, id);
    ctx.attribute(REQUEST_ID, id);
    // Who writes says what it is. Javalin's default would leave its charset with pictures, too.
    ctx.res().setContentType(null);
    ctx.attribute(CLIENT_ADDRESS, clientAddress(ctx));
    MDC.put("requestId", id);
    Span span = tracing.begin(Span.Kind.SERVER, name(ctx, ""), ctx.header("traceparent"));
    ctx.attribute(SPAN, span);
    ctx.attribute(SCOPE, span.enter());
  }

  private void end(Context ctx, Float millis) {
    var matched = ctx.endpoints().matchedHttpEndpoint();
    String route = matched == null || matched.path.isEmpty() ? UNMATCHED : matched.path;
    duration
        .labels(ctx.method().name(), route, Integer.toString(ctx.statusCode()))
        .observe(millis / 1e3);
    Span span = ctx.attribute(SPAN);
    HttpRequestEvent told = ctx.attribute(TOLD);
    if (told != null) {
      told.commit(
          ctx.method().name(),
          route,
          ctx.statusCode(),
          ctx.attribute(REQUEST_ID),
          span == null ? null : span.trace().traceId());
    }
    log.debug("{} {} {} {} ms", ctx.method(), ctx.path(), ctx.statusCode(), millis);
    Span.Scope scope = ctx.attribute(SCOPE);
    if (scope != null) {
      scope.close();
    }
    MDC.remove("requestId");
    if (span != null) {
      end(ctx, span, route);
    }
  }

  /// Path, query, address and user agent stay out: clients put into them what they like, and the
  /// path of an unsubscribe link is a secret.
  /// https://opentelemetry.io/docs/specs/semconv/http/http-spans/
  private static void end(Context ctx, Span span, String route) {
    if (span.isRecorded()) {
      boolean matched = !route.equals(UNMATCHED);
      span.rename(name(ctx, matched ? " " + route : ""));
      span.set("http.request.method", ctx.method().name())
          .set("http.route", matched ? route : null)
          .set("http.response.status_code", ctx.statusCode())
          .set("url.scheme", ctx.scheme())
          .set("microflow.request.id", ctx.<String>attribute(REQUEST_ID));
      if (ctx.statusCode() >= 500) {
        span.fail(Integer.toString(ctx.statusCode()));
      }
    }
    span.end();
  }

  private static String name(Context ctx, String route) {
    String method = ctx.method().name();
    return (method.equals(Methods.OTHER) ? "HTTP" : method) + route;
  }

  /// Counts what the [Door] refused, before anybody looked for its route.
  void refused(Request request, String id) {
    HttpRequestEvent told = HttpRequestEvent.started();
    if (told != null) {
      told.commit(Methods.seenAs(request.getMethod()), UNMATCHED, 503, id, null);
    }
    duration
        .labels(Methods.seenAs(request.getMethod()), UNMATCHED, "503")
        .observe((System.nanoTime() - request.getBeginNanoTime()) / 1e9);
  }

  /// The id that a client sent, when it is one, or a new one. Nobody gains from guessing it, so it
  /// need not come from the machine's one source of good randomness.
  static String id(String sent) {
    return sent != null && SAFE_ID.matcher(sent).matches()
        ? sent
        : UuidCreator.getTimeOrderedEpochFast().toString();
  }

  /// The peer's address, or what a trusted proxy says it forwarded for. Each proxy appends whom it
  /// saw to `X-Forwarded-For`, so it is read from its end, for as long as the one who wrote an
  /// entry is trusted: what a client wrote itself lies before that.
  private String clientAddress(Context ctx) {
    String client = ctx.req().getRemoteAddr();
    List<String> hops =
        Collections.list(ctx.req().getHeaders("X-Forwarded-For")).stream()
            .flatMap(header -> Arrays.stream(header.split(",", -1)))
            .map(String::strip)
            .toList();
    for (String hop : hops.reversed()) {
      if (!proxies.contains(client) || !ADDRESS.matcher(hop).matches()) {
        break;
      }
      client = hop;
    }
    return client;
  }
}
