package com.telconova.shared.http;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;

/// What a page from elsewhere may send and read (CORS:
/// https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// The gateway answers the question beforehand (OPTIONS). What is said with each answer comes from
/// the service, for API Gateway passes answers on as they are. Tokens travel in a header that no
/// browser sends by itself, so no origin needs to be distrusted, and credentials are not allowed.
public final class CrossOrigin {
  /// The headers of a request that a page may set, as one header's value.
  public static final String REQUEST_HEADERS =
      "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,If-Range,Last-Event-ID,"
          + "Range,X-Request-Id,traceparent,tracestate,x-api-key";

  /// The headers of an answer that a page may read beyond those it always may.
  public static final String EXPOSED =
      "Accept-Ranges,Allow,Content-Disposition,Content-Range,ETag,Idempotency-Replayed,Link,Location,"
          + "Retry-After,WWW-Authenticate,X-Request-Id";

  /// How long a browser may remember what it was told, in seconds; the longest that Chromium does.
  public static final int MAX_AGE_SECONDS = 7_200;

  private final List<HttpField> fields;

  CrossOrigin(HttpConfig config) {
    this.fields =
        config.allowedOrigin().isEmpty()
            ? List.of()
            : List.of(
                new PreEncodedHttpField(
                    HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, config.allowedOrigin()),
                new PreEncodedHttpField(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED));
  }

  /// Says it with every answer, whoever asked: then no cache has to tell browsers from others.
  void register(HttpConfiguration http) {
    if (!fields.isEmpty()) {
      http.addCustomizer((request, answer) -> {
        mark(answer);
        return request;
      });
    }
  }

  /// Says it with one answer.
  void mark(HttpFields.Mutable answer) {
    fields.forEach(answer::put);
  }
}
