package com.telconova.local.gateway;

import com.telconova.local.gateway.Api.Method;
import com.telconova.local.gateway.Api.Resource;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Lets in what the document names, on its terms, and refuses the rest before anything of it is
/// read: 404, 403 without a key, 429 too often, 413 beyond 10 MB.
final class Entrance extends Handler.Wrapper {

  /// The longest body, form included: API Gateway's 10 MB.
  static final long MAX_BODY_BYTES = 10 * 1024 * 1024;

  private static final String RESOURCE = Resource.class.getName();
  private static final String METHOD = Method.class.getName();

  private final Api api;
  private final Terms terms;
  private Connector inside;

  Entrance(Api api, Terms terms, Handler next) {
    super(next);
    this.api = api;
    this.terms = terms;
  }

  /// Whoever comes this way is one of the services, of whom nothing is asked.
  void trust(Connector connector) {
    inside = connector;
  }

  /// Where a request goes that was let in.
  static Resource resource(Request request) {
    return (Resource) request.getAttribute(RESOURCE);
  }

  /// What a request does that was let in.
  static Method method(Request request) {
    return (Method) request.getAttribute(METHOD);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    var path = request.getHttpURI().getCanonicalPath();
    var resource = path == null ? null : api.find(path).orElse(null);
    if (resource == null) {
      UnreadBody.refuse(request, response, callback, HttpStatus.NOT_FOUND_404);
      return true;
    }
    if (request.getMethod().equals("OPTIONS")) {
      response.setStatus(HttpStatus.NO_CONTENT_204);
      resource.preflight().forEach(response.getHeaders()::put);
      response.getHeaders().put(RequestIds.HEADER, RequestIds.of(request));
      callback.succeeded();
      return true;
    }
    var method = resource.method(request.getMethod());
    var refusal = refusal(request, response, method);
    if (refusal.isPresent()) {
      UnreadBody.refuse(request, response, callback, refusal.getAsInt());
      return true;
    }
    request.setAttribute(RESOURCE, resource);
    request.setAttribute(METHOD, method);
    return super.handle(request, response, callback);
  }

  private OptionalInt refusal(Request request, Response response, Method method) {
    boolean trusted = request.getConnectionMetaData().getConnector() == inside;
    if (!trusted) {
      var key = method.keyed() ? terms.key() : java.util.Optional.<String>empty();
      if (key.isPresent() && !key.get().equals(request.getHeaders().get("x-api-key"))) {
        return OptionalInt.of(HttpStatus.FORBIDDEN_403);
      }
      if (terms.throttled()) {
        long missing = key.isPresent() ? api.key().take() : 0;
        missing = missing > 0 ? missing : method.bucket().take();
        if (missing > 0) {
          long seconds = TimeUnit.NANOSECONDS.toSeconds(missing) + 1;
          response.getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(seconds));
          return OptionalInt.of(HttpStatus.TOO_MANY_REQUESTS_429);
        }
      }
    }
    return request.getLength() > MAX_BODY_BYTES
        ? OptionalInt.of(HttpStatus.PAYLOAD_TOO_LARGE_413)
        : OptionalInt.empty();
  }
}
